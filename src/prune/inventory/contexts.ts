import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import type { StoreItem } from '../store-item.ts';
import type { Reading } from './inventory.ts';
import { lastUsedMs, namesIn } from './names-in.ts';

/** Folders of `cache/` whose files each stand for themselves. Without them files are read again, or a cause is told without them. */
const REMEMBERED: readonly (readonly [folder: string, what: string])[] = [
  ['files', 'digests of files that were read'],
  ['manifests', 'what a selection of files was made of'],
  ['selections', 'the digest of a selection from a stage'],
  ['downloads', 'where a download is kept'],
];

/** What is remembered of contexts and of what steps select from them. */
export function contextItems({ store, meter, usedSinceMs }: Reading): StoreItem[] {
  return REMEMBERED.flatMap(([folder, name]) =>
    filesBelow(join(store.root, 'cache', folder)).map((path) => {
      const usedMs = lastUsedMs(path);
      return {
        kind: 'context' as const,
        id: path.slice(join(store.root, 'cache').length + 1),
        name,
        bytes: meter.bytes(path),
        usedMs,
        paths: [path],
        holds: [],
        usedBy: usedMs >= usedSinceMs ? 'a running build' : undefined,
      };
    }),
  );
}

/** Snapshots that downloads are kept in; a build that asks for one again relies on it. */
export function downloadedSnapshots({ store }: Pick<Reading, 'store'>): ReadonlySet<string> {
  return new Set(filesBelow(join(store.root, 'cache', 'downloads')).flatMap(downloadedSnapshot));
}

function downloadedSnapshot(path: string): string[] {
  try {
    const { snapshotId }: { snapshotId?: string } = JSON.parse(readFileSync(path, 'utf8'));
    return snapshotId === undefined ? [] : [snapshotId];
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' || error instanceof SyntaxError) return [];
    throw error;
  }
}

/** At most one folder deep: by the first two digits of a name. */
function filesBelow(dir: string): string[] {
  return namesIn(dir).flatMap((name) =>
    name.length > 2 ? [join(dir, name)] : namesIn(join(dir, name)).map((below) => join(dir, name, below)),
  );
}
