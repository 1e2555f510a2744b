import { join } from 'node:path';
import { BuildRecords } from '../../build/record/build-records.ts';
import type { StoreItem } from '../store-item.ts';
import type { Reading } from './inventory.ts';
import { lastUsedMs } from './names-in.ts';

/** Records of builds and the output of their steps: what `explain` and `logs` read. */
export function buildItems({ store, meter, usedSinceMs }: Reading): StoreItem[] {
  const records = new BuildRecords(join(store.root, 'builds'));
  return records.ids().map((id) => {
    const path = records.dir(id);
    const usedMs = lastUsedMs(path);
    const usedBy = usedMs >= usedSinceMs ? 'a running build' : undefined;
    return { kind: 'build', id, name: id, bytes: meter.bytes(path), usedMs, paths: [path], holds: [], usedBy };
  });
}
