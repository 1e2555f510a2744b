import { layerBlob } from '../../distribution/layer-blob.ts';
import { withFormat } from '../../distribution/manifest-format.ts';
import type { Store } from '../../distribution/store.ts';
import { digestOf } from '../../image/compression/verify-stream.ts';
import type { Descriptor } from '../../image/descriptor.ts';
import { layerCompression, MEDIA_TYPE } from '../../image/media-type.ts';
import type { RegistryClient } from '../../image/registry/registry-client.ts';
import { Slots } from '../../image/registry/slots.ts';
import { together } from '../../image/registry/together.ts';
import { CACHE_MEDIA_TYPE, type CacheConfig } from './cache-artifact.ts';
import type { CachePlace, OutgoingBlob, PlaceOptions } from './cache-place.ts';
import type { CacheFormat } from './cache-place-spec.ts';
import type { CollectedLayer } from './collect-records.ts';

/** What an artifact will consist of. */
export interface OutgoingArtifact {
  readonly config: CacheConfig;
  /** One a layer of the config, ready to be put. */
  readonly layers: readonly OutgoingBlob[];
  /** The index of cache mounts and their packs; those that the place has need not open. */
  readonly mounts: readonly OutgoingBlob[];
}

export interface LayerBlobsOptions extends PlaceOptions {
  readonly store: Store;
  readonly format: CacheFormat;
  client(): Promise<RegistryClient>;
}

const LAYERS_AT_ONCE = 2;

/** Decides the blobs of layers: those that are known in the wanted compression, else new ones. */
export async function outgoingLayers(
  place: CachePlace,
  layers: readonly CollectedLayer[],
  { store, format, client, signal, onProgress }: LayerBlobsOptions,
): Promise<readonly OutgoingBlob[]> {
  const slots = new Slots(LAYERS_AT_ONCE);
  const registry = place.repository?.split('/')[0];
  const { compression, compressionLevel } = format;
  const prepare = async (layer: CollectedLayer, either: AbortSignal): Promise<OutgoingBlob> => {
    if (!layer.snapshot) {
      const { blob, open, origin } = layer.imported;
      return { descriptor: blob, open: () => open(signal), origin };
    }
    using _slot = await slots.take(either);
    const { diffId, snapshot } = layer;
    // A blob outlives the work that prepared it: it is opened with the signal of the whole export.
    const options = { compression, compressionLevel, registry, client, signal, onProgress };
    return layerBlob(store, { diffId, snapshot, blob: undefined }, options);
  };
  return together(layers, prepare, signal);
}

/** Puts the blobs, then the manifest that names them: a reader of the name sees the old artifact or the new one. */
export async function writeArtifact(
  place: CachePlace,
  { config, layers, mounts }: OutgoingArtifact,
  { format, ...options }: PlaceOptions & { readonly format: CacheFormat },
): Promise<Descriptor> {
  const bytes = Buffer.from(JSON.stringify(config));
  const descriptor = { mediaType: CACHE_MEDIA_TYPE.config, digest: digestOf(bytes), size: bytes.length };
  const blobs = [...layers, ...mounts, { descriptor, open: () => once(bytes) }];
  const distinct = [...new Map(blobs.map((blob) => [blob.descriptor.digest, blob])).values()];
  await together(distinct, (blob, signal) => place.put(blob, { ...options, signal }), options.signal);
  return place.publish(manifests([...layers, ...mounts], descriptor, format), options.signal);
}

function manifests(blobs: readonly OutgoingBlob[], config: Descriptor, { ociMediaTypes, imageManifest }: CacheFormat) {
  const named = blobs.map(({ descriptor: { mediaType, digest, size } }) => {
    const isLayer = layerCompression(mediaType) !== undefined;
    return { mediaType: isLayer ? withFormat(mediaType, ociMediaTypes ? 'oci' : 'docker') : mediaType, digest, size };
  });
  const mediaType = ociMediaTypes ? MEDIA_TYPE.ociManifest : MEDIA_TYPE.dockerManifest;
  const artifact = ociMediaTypes ? { artifactType: CACHE_MEDIA_TYPE.config } : {};
  const manifest = manifestOf({ schemaVersion: 2, mediaType, ...artifact, config, layers: named });
  if (imageManifest) return [manifest];
  const indexType = ociMediaTypes ? MEDIA_TYPE.ociIndex : MEDIA_TYPE.dockerManifestList;
  const inner = { mediaType, digest: digestOf(manifest.bytes), size: manifest.bytes.length };
  // docker's list requires a platform of each entry.
  const entry = ociMediaTypes
    ? { ...inner, ...artifact }
    : { ...inner, platform: { architecture: 'unknown', os: 'unknown' } };
  return [manifest, manifestOf({ schemaVersion: 2, mediaType: indexType, manifests: [entry] })];
}

function manifestOf<T extends { readonly mediaType: string }>(manifest: T) {
  return { mediaType: manifest.mediaType, bytes: Buffer.from(JSON.stringify(manifest)) };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
