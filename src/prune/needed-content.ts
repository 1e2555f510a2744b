import { join } from 'node:path';
import { type KeptRecord, listCacheRecords } from '../build/cache/cache-records.ts';
import { snapshotIds } from '../distribution/layer-chain.ts';
import type { Store } from '../distribution/store.ts';
import type { Digest } from '../image/digest.ts';
import type { StoredImage } from '../image/store/stored-image.ts';
import type { Snapshot } from '../rootfs/snapshot.ts';

/** What images and cache records rely on. */
export interface NeededContent {
  readonly snapshots: ReadonlySet<string>;
  readonly blobs: ReadonlySet<Digest>;
}

export interface NeededBy {
  readonly images: readonly StoredImage[];
  readonly records: readonly KeptRecord[];
  /** Also blobs that these images' layers were compressed to for another place: they could be made again. */
  readonly keepCompressed: boolean;
}

/** Reads a small file for each snapshot in use. */
export async function neededContent(
  store: Store,
  { images, records, keepCompressed }: NeededBy,
): Promise<NeededContent> {
  const snapshots = new Set<string>();
  const roots = [
    ...images.flatMap(({ layers }) => layers.flatMap((_, index) => snapshotIds(layers, index))),
    ...records.map(({ snapshotId }) => snapshotId),
  ];
  for (const id of new Set(roots)) addChain(snapshots, await store.snapshotter.get(id));
  const layerBlobs = (diffId: Parameters<Store['layers']['blobs']>[0]) =>
    keepCompressed ? store.layers.blobs(diffId).map(({ descriptor }) => descriptor.digest) : [];
  const blobs = images.flatMap(({ id, manifest, layers }) => [
    id,
    ...(manifest ? [manifest.digest] : []),
    ...layers.flatMap(({ diffId, blob }) => [...(blob ? [blob.digest] : []), ...layerBlobs(diffId)]),
  ]);
  const indexes = store.images.references().flatMap(({ digest }) => digest ?? []);
  return { snapshots, blobs: new Set([...blobs, ...indexes]) };
}

/** A layer is told apart by what was below it when it was made, so that stays too. */
function addChain(ids: Set<string>, snapshot: Snapshot | undefined): void {
  for (let next = snapshot; next && !ids.has(next.id); next = next.parent) {
    ids.add(next.id);
    addChain(ids, next.origin);
  }
}

export function cacheRecords(store: Store): KeptRecord[] {
  return listCacheRecords(join(store.root, 'cache'));
}
