import type { RegistryClient } from '../image/registry/registry-client.ts';
import { together } from '../image/registry/together.ts';
import type { StoredImage, StoredLayer } from '../image/store/stored-image.ts';
import { fetchLayer } from './fetch-layer.ts';
import { layerSnapshot } from './layer-chain.ts';
import type { Store } from './store.ts';
import type { OnTransfer } from './transfer.ts';

export interface FetchLayersOptions {
  readonly client: RegistryClient;
  readonly signal: AbortSignal;
  readonly onProgress?: OnTransfer | undefined;
}

/**
 * Brings every layer of an image into the store, several at once, as blobs: they are unpacked when somebody needs their
 * files. One that is there, unpacked or not, is only told of.
 * @throws KnownError REGISTRY_*, DIGEST_MISMATCH, IMAGE_CORRUPT
 */
export async function fetchLayers(store: Store, image: StoredImage, options: FetchLayersOptions): Promise<void> {
  const indexes = image.layers.map((_, index) => index);
  await together(
    indexes,
    (index, signal) => fetchOne(store, image.layers, { ...options, index, signal }),
    options.signal,
  );
  await store.images.refreshIndex(image.id);
}

async function fetchOne(
  store: Store,
  layers: readonly StoredLayer[],
  { index, client, signal, onProgress }: FetchLayersOptions & { readonly index: number },
): Promise<void> {
  const blob = layers[index]?.blob;
  if (!blob) return;
  const { digest: id, size: total } = blob;
  const isThere = store.blobs.has(id, total) || (await layerSnapshot(store, layers, index)) !== undefined;
  if (!isThere) {
    const onBytes = (current: number) => onProgress?.({ id, current, total, done: false });
    await fetchLayer(store, client, { blob, signal, onBytes });
  }
  onProgress?.({ id, current: total, total, done: true, ...(isThere && { skipped: 'present' }) });
}
