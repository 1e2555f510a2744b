import { basename, dirname, join } from 'node:path';
import type { Content, ContentId, StoreItem } from '../store-item.ts';
import { downloadedSnapshots } from './contexts.ts';
import type { InventoryOptions, Reading } from './inventory.ts';
import { lastUsedMs, namesIn } from './names-in.ts';
import { SnapshotSizes } from './snapshot-sizes.ts';

/**
 * A folder each: of the snapshots, and of differences whose first owner was removed while others still share them. A
 * layer is told apart by what was below it when it was made, so that stays too.
 */
export async function snapshotContents(
  { store, meter }: Reading,
  { useRememberedSizes = false }: Pick<InventoryOptions, 'useRememberedSizes'>,
): Promise<readonly (readonly [ContentId, Content])[]> {
  const dir = join(store.root, 'snapshots');
  const sizes = new SnapshotSizes(join(store.root, 'cache'));
  const contents: (readonly [ContentId, Content])[] = [];
  for (const id of namesIn(dir).filter((name) => !name.startsWith('.'))) {
    const path = join(dir, id);
    const remembered = useRememberedSizes ? sizes.get(id) : undefined;
    if (remembered !== undefined) meter.skip(join(path, 'fs'));
    const difference = remembered ?? meter.bytes(join(path, 'fs'));
    const bytes = difference + meter.bytes(path);
    const snapshot = await store.snapshotter.get(id);
    if (snapshot) sizes.set(id, difference);
    const folder = snapshot && basename(dirname(snapshot.diffDir));
    const needs = [snapshot?.parent?.id, snapshot?.origin?.id, folder === id ? undefined : folder];
    contents.push([`snapshots/${id}`, { bytes, needs: [...new Set(needs)].flatMap(snapshotContent) }]);
  }
  // Who only looks leaves the store as it is.
  if (useRememberedSizes) sizes.save();
  return contents;
}

export function snapshotContent(id: string | undefined): ContentId[] {
  return id === undefined ? [] : [`snapshots/${id}`];
}

/** Snapshots that nothing refers to, unless they are so young that somebody may be about to. */
export function leftoverSnapshots(reading: Reading, unheld: ReadonlySet<ContentId>): StoreItem[] {
  const { store, usedSinceMs } = reading;
  const downloaded = usedSinceMs === Number.POSITIVE_INFINITY ? new Set<string>() : downloadedSnapshots(reading);
  return [...unheld].flatMap((content) => {
    if (!content.startsWith('snapshots/')) return [];
    const id = content.slice('snapshots/'.length);
    const usedMs = lastUsedMs(join(store.root, content));
    const usedBy = usedMs >= usedSinceMs || downloaded.has(id) ? 'a command at work' : undefined;
    return [
      {
        kind: 'snapshot',
        id,
        name: id,
        bytes: 0,
        usedMs,
        paths: [],
        holds: [content],
        garbage: 'unreferenced',
        usedBy,
      },
    ];
  });
}
