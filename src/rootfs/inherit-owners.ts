import { lstatSync } from 'node:fs';
import { isWhiteout } from './overlay-form.ts';
import { readOwnerTable } from './owner-table-file.ts';
import type { ActiveSnapshot } from './snapshot.ts';

/**
 * Where one id is all there is, a step that changed a file in place left a copy with the disk's owner. No process there
 * could have given it to somebody else, so it keeps the owner that the image had for it.
 */
export function inheritOwners(active: ActiveSnapshot): void {
  const seen = new Set(active.owners.keys());
  for (let below = active.parent; below; below = below.parent) {
    for (const [path, override] of readOwnerTable(below.ownerTable)) {
      if (seen.has(path)) continue;
      seen.add(path);
      const stat = lstatSync(`${active.diffDir}/${path}`, { throwIfNoEntry: false });
      if (stat && !isWhiteout(stat) && !override.device) active.owners.set(path, override);
    }
  }
}
