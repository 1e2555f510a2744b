import { KnownError } from '../diagnostics/known-error.ts';
import { decompress } from '../image/compression/decompress.ts';
import { StreamHash } from '../image/compression/verify-stream.ts';
import type { Descriptor } from '../image/descriptor.ts';
import { layerCompression } from '../image/media-type.ts';
import type { RegistryClient } from '../image/registry/registry-client.ts';
import type { StoredImage, StoredLayer } from '../image/store/stored-image.ts';
import { readTar } from '../image/tar/read-tar.ts';
import { applyLayer } from '../rootfs/apply-layer.ts';
import { knownDiffId, rememberDiffId } from '../rootfs/layer-from-snapshot.ts';
import type { Snapshot, WritableDifference } from '../rootfs/snapshot.ts';
import { type ComingLayer, receiveLayer } from './fetch-layer.ts';
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
  const coming: ComingLayer[] = [];
  try {
    for (const layer of missing) coming.push(receiveMissing(store, layer, { ...options, signal }));
    let parent = present;
    for (const [index, layer] of missing.entries()) {
      const id = chainName(layers, count + index);
      parent = await unpackLayer(store, { layer, coming: coming[index] as ComingLayer, parent, id, signal });
    }
    return parent;
  } catch (error) {
    stop.abort(error);
    await Promise.allSettled(coming.map(({ done }) => done));
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

function receiveMissing(store: Store, layer: StoredLayer, { client, signal, onProgress }: UnpackOptions): ComingLayer {
  const blob = blobOf(layer);
  const isThere = store.blobs.has(blob.digest, blob.size);
  const report = (current: number, done: boolean) => onProgress?.({ id: blob.digest, current, total: blob.size, done });
  const coming = receiveLayer(store, client, { blob, signal, onBytes: (current) => report(current, false) });
  if (isThere) return coming;
  const done = coming.done.then(() => report(blob.size, true));
  // Whoever awaits a layer sees its failure; until then it must not count as unhandled.
  done.catch(() => undefined);
  return { open: () => coming.open(), done };
}

function blobOf({ blob, diffId }: StoredLayer): Descriptor {
  if (blob) return blob;
  throw new KnownError('IMAGE_CORRUPT', `The files of layer ${diffId} are gone from the store.`, {
    hint: 'Build, load or import the image again.',
  });
}

interface UnpackLayer {
  readonly layer: StoredLayer;
  readonly coming: ComingLayer;
  readonly parent: Snapshot | undefined;
  readonly id: string;
  readonly signal: AbortSignal;
}

/** While the blob still comes: what was unpacked can be seen only once blob and content are what they should be. */
async function unpackLayer(store: Store, { layer, coming, parent, id, signal }: UnpackLayer): Promise<Snapshot> {
  const blob = blobOf(layer);
  await using active = await store.snapshotter.prepare(parent, id);
  const sizeBytes = await applyBlob(active, { layer, blob, coming, signal }).catch(async (error: unknown) => {
    // A blob that is not what it should be is at fault for what could not be unpacked of it.
    await coming.done;
    throw error;
  });
  await coming.done;
  const snapshot = await active.commit();
  // Only now: a diff id that an image merely claims must not choose the blob of other images' layers.
  await store.layers.add(layer.diffId, blob);
  rememberDiffId(snapshot, { diffId: layer.diffId, sizeBytes });
  return snapshot;
}

/** Returns the bytes of the layer's content, which is what its diff id says. @throws KnownError LAYER_CORRUPT, IMAGE_CORRUPT */
async function applyBlob(
  active: WritableDifference,
  { layer, blob, coming, signal }: Omit<UnpackLayer, 'parent' | 'id'> & { readonly blob: Descriptor },
): Promise<number> {
  const compression = layerCompression(blob.mediaType);
  if (compression === undefined)
    throw new KnownError('IMAGE_CORRUPT', `A layer has the media type ${blob.mediaType}, which cannot be unpacked.`);
  const name = `layer ${blob.digest}`;
  const hash = new StreamHash();
  const tar = hash.pass(decompress(coming.open(), compression));
  await applyLayer(active, readTar(tar, { name, errorCode: 'LAYER_CORRUPT' }), { name, signal });
  // What follows the archive's end belongs to the layer's digest all the same.
  for await (const _ of tar);
  const { digest, size } = hash.finish();
  if ((digest as string) === layer.diffId) return size;
  throw new KnownError(
    'LAYER_CORRUPT',
    `Layer ${blob.digest} unpacks to ${digest}, and the image's config names ${layer.diffId}.`,
    { hint: 'The image is damaged; pull it again, or rebuild it.' },
  );
}
