import { LayeredView } from './layered-view.ts';
import { readOwnerTable } from './owner-table-file.ts';
import type { ActiveSnapshot } from './snapshot.ts';

/**
 * For a snapshot that a step wrote into by itself where one id is all there is: a file that it changed in place has the
 * disk's owner now. No process there could have given it to somebody else, so it keeps the owner that the image had for
 * its path.
 */
export function inheritOwners(active: ActiveSnapshot): void {
  const difference = new LayeredView('the difference', [{ dir: active.diffDir, owners: new Map() }]);
  const seen = new Set(active.owners.keys());
  for (let below = active.parent; below; below = below.parent) {
    for (const [path, override] of readOwnerTable(below.ownerTable)) {
      if (seen.has(path)) continue;
      seen.add(path);
      if (!override.device && difference.has(path)) active.owners.set(path, override);
    }
  }
}
