import { MAX_MANIFEST_BYTES } from '../image/parse-manifest.ts';
import type { StoredImage } from '../image/store/stored-image.ts';
import { layerSnapshot } from './layer-chain.ts';
import type { OutgoingImage } from './outgoing-image.ts';
import type { Store } from './store.ts';

/** An image of the store in the form in which images leave it: with the manifest it came with, so that its digest stays. */
export async function outgoingStoredImage(store: Store, image: StoredImage): Promise<OutgoingImage> {
  const { id, platform, layers, manifest, annotations } = image;
  const outgoing = layers.map(async ({ diffId, blob }, index) => {
    return { diffId, blob, snapshot: await layerSnapshot(store, layers, index) };
  });
  const isHere = manifest && store.blobs.has(manifest.digest, manifest.size);
  return {
    config: store.images.configBytes(id),
    platform,
    annotations,
    layers: await Promise.all(outgoing),
    ...(isHere && {
      manifest: {
        mediaType: manifest.mediaType,
        bytes: store.blobs.readBytes(manifest.digest, MAX_MANIFEST_BYTES),
      },
    }),
  };
}
