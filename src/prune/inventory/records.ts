import { join } from 'node:path';
import { listCacheRecords } from '../../build/cache/cache-records.ts';
import type { StoreItem } from '../store-item.ts';
import type { Reading } from './inventory.ts';
import { lastUsedMs, namesIn } from './names-in.ts';
import { snapshotContent } from './snapshots.ts';

/** Steps of the build cache with the snapshots they made. One that was looked up since a build began may be what it builds on. */
export function recordItems(reading: Reading): StoreItem[] {
  const { store, meter, usedSinceMs } = reading;
  const records = listCacheRecords(join(store.root, 'cache')).map(
    ({ path, key, snapshotId, name, usedMs, durationMs }): StoreItem => ({
      kind: 'record',
      id: key,
      name,
      bytes: meter.bytes(path),
      usedMs,
      remakeMs: durationMs,
      paths: [path],
      holds: snapshotContent(snapshotId),
      usedBy: usedMs >= usedSinceMs ? 'a running build' : undefined,
    }),
  );
  return [...records, ...unfinishedRecords(reading)];
}

/** What killed writers and prunes left. */
function unfinishedRecords({ store, meter, users }: Reading): StoreItem[] {
  if (users.length > 0) return [];
  const dir = join(store.root, 'cache', 'records');
  return namesIn(dir).flatMap((folder) =>
    namesIn(join(dir, folder)).flatMap((id) => {
      if (!id.startsWith('.')) return [];
      const path = join(dir, folder, id);
      const usedMs = lastUsedMs(path);
      return [
        {
          kind: 'record',
          id,
          name: id,
          bytes: meter.bytes(path),
          usedMs,
          paths: [path],
          holds: [],
          garbage: 'unfinished',
        },
      ];
    }),
  );
}
