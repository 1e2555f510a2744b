import { KnownError } from '../diagnostics/known-error.ts';
import { gzipStream } from '../image/compression/gzip-stream.ts';
import { StreamHash } from '../image/compression/verify-stream.ts';
import { zstdStream } from '../image/compression/zstd-stream.ts';
import type { Descriptor } from '../image/descriptor.ts';
import type { DiffId } from '../image/digest.ts';
import { layerCompression, MEDIA_TYPE } from '../image/media-type.ts';
import type { Reference } from '../image/reference.ts';
import type { RegistryClient } from '../image/registry/registry-client.ts';
import type { IncomingBlob } from '../image/store/incoming-blob.ts';
import type { LayerBlob as KnownBlob } from '../image/store/layer-table.ts';
import { diffIdOf, layerFromSnapshot, layerOptionsFor } from '../rootfs/layer-from-snapshot.ts';
import type { Snapshot } from '../rootfs/snapshot.ts';
import { fetchLayer, splitRepository } from './fetch-layer.ts';
import type { Store } from './store.ts';
import type { OnTransfer } from './transfer.ts';

/** A layer and where its bytes can be had. */
export interface OutgoingLayer {
  readonly diffId: DiffId;
  readonly snapshot: Snapshot | undefined;
  /** As the manifest has it that the image came with; it is kept as it is, whatever compression is asked for. */
  readonly blob: Descriptor | undefined;
}

export interface LayerBlobOptions {
  /** Of layers that have no blob yet. */
  readonly compression: 'gzip' | 'zstd' | 'uncompressed';
  readonly compressionLevel?: number | undefined;
  /** A registry whose blobs are preferred, since they need not be sent to it. */
  readonly registry?: string | undefined;
  client(): Promise<RegistryClient>;
  readonly signal: AbortSignal;
  readonly onProgress?: OnTransfer | undefined;
  /** Told of a blob as soon as it begins to be compressed. */
  onCompressing?(blob: IncomingBlob): void;
}

/** A blob that will be there when it is opened. */
export interface LayerBlob {
  readonly diffId: DiffId;
  readonly descriptor: Descriptor;
  /** The verified bytes from the start; fetched into the store first where they are not. */
  open(): AsyncIterable<Buffer>;
  /** A repository that has it, on the preferred registry if one there does. */
  readonly origin: Pick<Reference, 'registry' | 'repository'> | undefined;
}

/**
 * The blob of a layer: one that is known, here or at a registry, else the snapshot compressed once into the store and remembered. An
 * uncompressed one is never stored, it is written from the snapshot whenever it is opened.
 * @throws KnownError IMAGE_CORRUPT when the layer's content is nowhere any more
 */
export async function layerBlob(store: Store, layer: OutgoingLayer, options: LayerBlobOptions): Promise<LayerBlob> {
  const known = knownBlob(store, layer, options);
  if (known) return storedBlob(store, layer.diffId, { ...options, known });
  const { snapshot, diffId } = layer;
  if (!snapshot) throw lost(diffId);
  if (options.compression === 'uncompressed') return plainBlob(snapshot, diffId, options.signal);
  const descriptor = await compressLayer(store, { diffId, snapshot }, options);
  return storedBlob(store, diffId, { ...options, known: { descriptor, repositories: [] } });
}

function knownBlob(store: Store, layer: OutgoingLayer, options: LayerBlobOptions): KnownBlob | undefined {
  const wanted = options.compression === 'uncompressed' ? 'none' : options.compression;
  const own = layer.blob && { descriptor: layer.blob, repositories: store.layers.repositories(layer.blob.digest) };
  const isFitting = ({ descriptor }: KnownBlob) => layerCompression(descriptor.mediaType) === wanted;
  const candidates = own ? [own] : store.layers.blobs(layer.diffId).filter(isFitting);
  const isHere = ({ descriptor }: KnownBlob) => store.blobs.has(descriptor.digest, descriptor.size);
  return (
    candidates.find((blob) => options.registry !== undefined && isAt(blob, options.registry)) ??
    candidates.find(isHere) ??
    candidates.find(({ repositories }) => repositories.length > 0)
  );
}

function isAt({ repositories }: KnownBlob, registry: string): boolean {
  return repositories.some((name) => splitRepository(name).registry === registry);
}

function storedBlob(
  store: Store,
  diffId: DiffId,
  { known, registry, client, signal, onProgress }: LayerBlobOptions & { readonly known: KnownBlob },
): LayerBlob {
  const { descriptor, repositories } = known;
  const origins = repositories.map(splitRepository);
  async function* open(): AsyncGenerator<Buffer> {
    if (!store.blobs.has(descriptor.digest, descriptor.size)) {
      const onBytes = (current: number, total: number) =>
        onProgress?.({ id: descriptor.digest, current, total, done: current === total });
      await fetchLayer(store, await client(), { blob: descriptor, signal, onBytes });
    }
    yield* store.blobs.open(descriptor.digest);
  }
  return { diffId, descriptor, open, origin: origins.findLast((at) => at.registry === registry) ?? origins.at(-1) };
}

async function plainBlob(snapshot: Snapshot, diffId: DiffId, signal: AbortSignal): Promise<LayerBlob> {
  const size = await sizeOf(snapshot, diffId);
  const descriptor = { mediaType: MEDIA_TYPE.ociLayer, digest: diffId as string as Descriptor['digest'], size };
  return { diffId, descriptor, open: () => layerTar({ diffId, snapshot }, { signal }), origin: undefined };
}

interface SnapshotLayer {
  readonly diffId: DiffId;
  readonly snapshot: Snapshot;
}

async function compressLayer(store: Store, layer: SnapshotLayer, options: LayerBlobOptions): Promise<Descriptor> {
  const { compression, compressionLevel: level, signal } = options;
  const id = `exporting layer ${layer.diffId}`;
  const total = await sizeOf(layer.snapshot, layer.diffId);
  const onBytes = (current: number) => options.onProgress?.({ id, current, total, done: false });
  const tar = layerTar(layer, { signal, onBytes });
  const isZstd = compression === 'zstd';
  const compressed = isZstd ? zstdStream(tar, { level }) : gzipStream(tar, level === undefined ? {} : { level });
  const blob = store.blobs.receive(compressed, {}, { signal });
  options.onCompressing?.(blob);
  const written = await blob.done;
  const descriptor = { mediaType: isZstd ? MEDIA_TYPE.ociLayerZstd : MEDIA_TYPE.ociLayerGzip, ...written };
  await store.layers.add(layer.diffId, descriptor);
  options.onProgress?.({ id, current: total, total, done: true });
  return descriptor;
}

async function sizeOf(snapshot: Snapshot, diffId: DiffId): Promise<number> {
  return (await diffIdOf(snapshot, layerOptionsFor(snapshot, diffId) ?? {})).sizeBytes;
}

/** The snapshot's layer, checked at its end: files of a pulled layer need not give the archive they came from. */
async function* layerTar(
  { diffId, snapshot }: SnapshotLayer,
  { signal, onBytes }: { readonly signal: AbortSignal; onBytes?(current: number): void },
): AsyncGenerator<Buffer> {
  const hash = new StreamHash();
  for await (const chunk of hash.pass(layerFromSnapshot(snapshot, layerOptionsFor(snapshot, diffId) ?? {}))) {
    signal.throwIfAborted();
    onBytes?.(hash.size);
    yield chunk;
  }
  if ((hash.finish().digest as string) !== diffId) throw lost(diffId);
}

function lost(diffId: DiffId): KnownError {
  return new KnownError('IMAGE_CORRUPT', `The content of layer ${diffId} is neither in the store nor at a registry.`, {
    hint: 'Pull, load or build the image again.',
  });
}
