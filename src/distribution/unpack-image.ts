import { createHash } from 'node:crypto';
import { KnownError } from '../diagnostics/known-error.ts';
import { decompress } from '../image/compression/decompress.ts';
import type { Descriptor } from '../image/descriptor.ts';
import type { DiffId } from '../image/digest.ts';
import { layerCompression } from '../image/media-type.ts';
import type { RegistryClient } from '../image/registry/registry-client.ts';
import type { StoredImage, StoredLayer } from '../image/store/stored-image.ts';
import { readTar } from '../image/tar/read-tar.ts';
import { applyLayer } from '../rootfs/apply-layer.ts';
import { knownDiffId, rememberDiffId } from '../rootfs/layer-from-snapshot.ts';
import type { Snapshot } from '../rootfs/snapshot.ts';
import { fetchLayer } from './fetch-layer.ts';
import { chainName, layerSnapshot } from './layer-chain.ts';
import type { Store } from './store.ts';

export interface UnpackOptions {
  /** For layers that are not in the store yet. */
  readonly client: Pick<RegistryClient, 'fetchBlob'>;
  readonly signal: AbortSignal;
  onProgress?(transfer: {
    readonly id: string;
    readonly current: number;
    readonly total: number | undefined;
    readonly done: boolean;
  }): void;
}

/**
 * Makes an image's layers present as a chain of snapshots, and returns the topmost: what is missing is fetched, several layers at
 * once, and unpacked in order. Each layer is checked against its diff id before its snapshot can be seen. undefined for
 * an image without layers.
 * @throws KnownError LAYER_CORRUPT, IMAGE_CORRUPT, DIGEST_MISMATCH, REGISTRY_*
 */
export async function unpackImage(
  store: Store,
  image: StoredImage,
  options: UnpackOptions,
): Promise<Snapshot | undefined> {
  const { snapshot, count } = await unpackedLayers(store, image.layers);
  if (count === image.layers.length) return snapshot;
  const top = await unpackLayers(store, image.layers, options);
  await rememberSizes(store, image, top);
  return top;
}

/** As `unpackImage`, of layers that need not be an image's. @throws as `unpackImage` */
export async function unpackLayers(
  store: Store,
  layers: readonly StoredLayer[],
  options: UnpackOptions,
): Promise<Snapshot | undefined> {
  const { snapshot: present, count } = await unpackedLayers(store, layers);
  const missing = layers.slice(count);
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const fetched = missing.map((layer) => fetchMissing(store, layer, { ...options, signal }));
  // Whoever awaits a layer sees its failure; until then it must not count as unhandled.
  for (const fetching of fetched) fetching.catch(() => undefined);
  try {
    let parent = present;
    for (const [index, layer] of missing.entries()) {
      const blob = await fetched[index];
      if (blob)
        parent = await unpackLayer(store, { layer, blob, parent, id: chainName(layers, count + index), signal });
    }
    return parent;
  } catch (error) {
    stop.abort(error);
    await Promise.allSettled(fetched);
    throw error;
  }
}

/** What the layers take unpacked is known only now; lists of images show it. */
async function rememberSizes(store: Store, image: StoredImage, top: Snapshot | undefined): Promise<void> {
  if (!store.images.get(image.id)) return;
  const sizes = new Map<string, number>();
  for (let next = top; next; next = next.parent) {
    const identity = knownDiffId(next);
    if (identity) sizes.set(identity.diffId, identity.sizeBytes);
  }
  const layers = image.layers.map((layer) => {
    const size = layer.size ?? sizes.get(layer.diffId);
    return size === undefined ? layer : { ...layer, size };
  });
  await store.images.put({ ...image, layers });
}

/** The topmost snapshot that is there with all below it, and how many layers it stands for. */
export async function unpackedLayers(
  store: Store,
  layers: readonly StoredLayer[],
): Promise<{ snapshot: Snapshot | undefined; count: number }> {
  for (let count = layers.length; count > 0; count--) {
    const snapshot = await layerSnapshot(store, layers, count - 1);
    if (snapshot) return { snapshot, count };
  }
  return { snapshot: undefined, count: 0 };
}

async function fetchMissing(
  store: Store,
  layer: StoredLayer,
  { client, signal, onProgress }: UnpackOptions,
): Promise<Descriptor> {
  const { blob, diffId } = layer;
  if (!blob) {
    throw new KnownError('IMAGE_CORRUPT', `The files of layer ${diffId} are gone from the store.`, {
      hint: 'Build, load or import the image again.',
    });
  }
  const isThere = store.blobs.has(blob.digest, blob.size);
  const report = (current: number, done: boolean) => onProgress?.({ id: blob.digest, current, total: blob.size, done });
  await fetchLayer(store, client, { blob, signal, onBytes: (current) => report(current, false) });
  if (!isThere) report(blob.size, true);
  return blob;
}

interface UnpackLayer {
  readonly layer: StoredLayer;
  readonly blob: Descriptor;
  readonly parent: Snapshot | undefined;
  readonly id: string;
  readonly signal: AbortSignal;
}

async function unpackLayer(store: Store, { layer, blob, parent, id, signal }: UnpackLayer): Promise<Snapshot> {
  const compression = layerCompression(blob.mediaType);
  if (compression === undefined)
    throw new KnownError('IMAGE_CORRUPT', `A layer has the media type ${blob.mediaType}, which cannot be unpacked.`);
  await using active = await store.snapshotter.prepare(parent, id);
  const hash = createHash('sha256');
  const size = { bytes: 0 };
  const tar = hashed(decompress(store.blobs.open(blob.digest), compression), hash, size);
  await applyLayer(active, readTar(tar, { name: `layer ${blob.digest}`, errorCode: 'LAYER_CORRUPT' }), {
    name: `layer ${blob.digest}`,
    signal,
  });
  // What follows the archive's end belongs to the layer's digest all the same.
  for await (const _ of tar);
  const diffId = `sha256:${hash.digest('hex')}` as DiffId;
  if (diffId !== layer.diffId) {
    throw new KnownError(
      'LAYER_CORRUPT',
      `Layer ${blob.digest} unpacks to ${diffId}, and the image's config names ${layer.diffId}.`,
      {
        hint: 'The image is damaged; pull it again, or rebuild it.',
      },
    );
  }
  const snapshot = await active.commit();
  // Only now: a diff id that an image merely claims must not choose the blob of other images' layers.
  await store.layers.add(diffId, blob);
  rememberDiffId(snapshot, { diffId, sizeBytes: size.bytes });
  return snapshot;
}

async function* hashed(
  source: AsyncIterable<Buffer>,
  hash: ReturnType<typeof createHash>,
  size: { bytes: number },
): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    hash.update(chunk);
    size.bytes += chunk.length;
    yield chunk;
  }
}
