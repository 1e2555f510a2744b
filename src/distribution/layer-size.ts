import type { StoredImage } from '../image/store/stored-image.ts';
import { knownDiffId, layerOptionsFor } from '../rootfs/layer-from-snapshot.ts';
import { layerSnapshot } from './layer-chain.ts';
import type { Store } from './store.ts';

/**
 * Bytes of each layer as a tar, lowest first. Of a layer that was never unpacked here only the blob's size is known, which
 * then stands for it. Reads a small file for each layer whose size the record does not say.
 */
export async function layerSizes(store: Store, { layers }: StoredImage): Promise<number[]> {
  const sizes: number[] = [];
  for (const [index, { size, diffId, blob }] of layers.entries()) {
    const snapshot = size === undefined ? await layerSnapshot(store, layers, index) : undefined;
    const options = snapshot && layerOptionsFor(snapshot, diffId);
    const known = snapshot && options && knownDiffId(snapshot, options)?.sizeBytes;
    sizes.push(size ?? known ?? blob?.size ?? 0);
  }
  return sizes;
}

/** Bytes of all layers; see `layerSizes`. */
export async function imageSize(store: Store, image: StoredImage): Promise<number> {
  return (await layerSizes(store, image)).reduce((sum, size) => sum + size, 0);
}
