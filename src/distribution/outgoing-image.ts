/**
 * An image on its way out of the store: to a registry, an archive, a folder. Which blobs it will consist of is decided
 * here, and only what nobody has yet is compressed. It must not know where the image goes. What surprises: a layer's blob
 * need not be in the store; `open` brings it there, and a registry that has it never asks.
 */
import type { ExportableImage } from '../image/archive/exportable-image.ts';
import { digestOf } from '../image/compression/verify-stream.ts';
import type { Descriptor } from '../image/descriptor.ts';
import type { Digest } from '../image/digest.ts';
import { type ManifestAnnotations, sortedAnnotations } from '../image/manifest-annotations.ts';
import { MEDIA_TYPE } from '../image/media-type.ts';
import type { Platform } from '../image/platform.ts';
import { Slots } from '../image/registry/slots.ts';
import { together } from '../image/registry/together.ts';
import { type LayerBlob, type LayerBlobOptions, layerBlob, type OutgoingLayer } from './layer-blob.ts';
import { type ManifestFormat, withFormat } from './manifest-format.ts';
import type { Store } from './store.ts';

/** An image whose blobs are still to be chosen. */
export interface OutgoingImage {
  /** Its digest is the image's id. */
  readonly config: Buffer;
  readonly platform: Platform;
  /** Lowest first. */
  readonly layers: readonly OutgoingLayer[];
  /** For a manifest that is written anew. */
  readonly annotations?: ManifestAnnotations | undefined;
  /** The manifest it came with, to go out as it stands; a new one is written without. */
  readonly manifest?: { readonly mediaType: string; readonly bytes: Buffer } | undefined;
}

export interface PrepareOptions extends LayerBlobOptions {
  readonly format: ManifestFormat;
}

/** All bytes of it are decided; layers are opened when somebody needs them. */
export interface PreparedImage {
  readonly config: { readonly descriptor: Descriptor; readonly bytes: Buffer };
  readonly manifest: { readonly mediaType: string; readonly bytes: Buffer; readonly digest: Digest };
  readonly layers: readonly LayerBlob[];
  readonly platform: Platform;
}

/** Deflating one layer keeps two cores busy; a second one fills the gaps while files are read. */
const LAYERS_AT_ONCE = 2;

/**
 * Decides the blobs and writes the manifest: as BuildKit writes it, letter for letter.
 * @throws KnownError IMAGE_CORRUPT when a layer's content is nowhere any more; DISK_FULL
 */
export async function prepareImage(
  store: Store,
  image: OutgoingImage,
  options: PrepareOptions,
): Promise<PreparedImage> {
  const slots = new Slots(LAYERS_AT_ONCE);
  const prepare = async (layer: OutgoingLayer, signal: AbortSignal): Promise<LayerBlob> => {
    using _slot = await slots.take(signal);
    return layerBlob(store, layer, { ...options, signal });
  };
  const blobs = await together(image.layers, prepare, options.signal);
  const manifest = isAsItCame(image, blobs) ? image.manifest : undefined;
  const layers = manifest ? blobs : blobs.map((blob) => inFormat(blob, options.format));
  const config = configDescriptor(image.config, manifest?.mediaType, options.format);
  const made =
    manifest ?? writeManifest({ config, layers, annotations: image.annotations?.manifest ?? {} }, options.format);
  return {
    config: { descriptor: config, bytes: image.config },
    manifest: { ...made, digest: digestOf(made.bytes) },
    layers,
    platform: image.platform,
  };
}

/** The form in which archives and layouts are written. */
export function exportableImage(
  { config, manifest, layers, platform }: PreparedImage,
  naming: Pick<ExportableImage, 'names' | 'annotations'>,
): ExportableImage {
  return { config: config.bytes, manifest: manifest.bytes, layers, platform, ...naming };
}

/** The manifest as an index names it. */
export function manifestDescriptor(
  { manifest: { mediaType, digest, bytes }, platform }: PreparedImage,
  annotations: Readonly<Record<string, string>> = {},
): Descriptor {
  const annotated = Object.keys(annotations).length > 0 ? { annotations: sortedAnnotations(annotations) } : {};
  return { mediaType, digest, size: bytes.length, ...annotated, platform };
}

/** A layer whose blob is gone was compressed anew, and the manifest names another. */
function isAsItCame({ layers }: OutgoingImage, blobs: readonly LayerBlob[]): boolean {
  return blobs.every(({ descriptor }, index) => descriptor.digest === layers[index]?.blob?.digest);
}

function inFormat(blob: LayerBlob, format: ManifestFormat): LayerBlob {
  return { ...blob, descriptor: { ...blob.descriptor, mediaType: withFormat(blob.descriptor.mediaType, format) } };
}

function configDescriptor(bytes: Buffer, manifestType: string | undefined, format: ManifestFormat): Descriptor {
  const isDocker = manifestType === undefined ? format === 'docker' : manifestType === MEDIA_TYPE.dockerManifest;
  const mediaType = isDocker ? MEDIA_TYPE.dockerConfig : MEDIA_TYPE.ociConfig;
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}

interface ManifestContent {
  readonly config: Descriptor;
  readonly layers: readonly LayerBlob[];
  readonly annotations: Readonly<Record<string, string>>;
}

function writeManifest(
  { config, layers, annotations }: ManifestContent,
  format: ManifestFormat,
): { readonly mediaType: string; readonly bytes: Buffer } {
  const mediaType = format === 'docker' ? MEDIA_TYPE.dockerManifest : MEDIA_TYPE.ociManifest;
  const manifest = {
    schemaVersion: 2,
    mediaType,
    config,
    layers: layers.map(({ descriptor }) => plain(descriptor)),
    ...(Object.keys(annotations).length > 0 ? { annotations: sortedAnnotations(annotations) } : {}),
  };
  return { mediaType, bytes: Buffer.from(JSON.stringify(manifest, undefined, 2)) };
}

function plain({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}
