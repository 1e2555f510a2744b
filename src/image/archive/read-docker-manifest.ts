import { closeSync, openSync, readSync } from 'node:fs';
import { type Compression, detectCompression, MAGIC_BYTES } from '../compression/detect-compression.ts';
import type { HashedBytes } from '../compression/verify-stream.ts';
import type { Descriptor, ImageManifest } from '../descriptor.ts';
import type { Digest } from '../digest.ts';
import { MEDIA_TYPE } from '../media-type.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { archiveError } from './archive-error.ts';
import { importManifest } from './import-manifest.ts';
import type { ImportedImage } from './imported-image.ts';
import type { UnpackedArchive } from './unpack-image-archive.ts';

const LAYER_TYPE: Readonly<Partial<Record<Compression, string>>> = {
  none: MEDIA_TYPE.ociLayer,
  gzip: MEDIA_TYPE.ociLayerGzip,
  zstd: MEDIA_TYPE.ociLayerZstd,
};
const MAX_LAYERS = 1000;

/**
 * The images of a docker archive's `manifest.json`. The format has no manifests of its own, so each image gets one,
 * which goes into the blob store.
 *
 * @throws KnownError ARCHIVE_INVALID, IMAGE_CORRUPT
 */
export function readDockerManifest(
  archive: UnpackedArchive,
  blobs: BlobStore,
  { name }: { readonly name: string },
): ImportedImage[] {
  return parseEntries(archive, name).map((entry) => {
    const file = (path: string) => findFile(archive, path, name);
    const config: Descriptor = { mediaType: MEDIA_TYPE.ociConfig, ...file(entry.Config) };
    const layers = entry.Layers.map((path) => layerDescriptor(file(path), blobs, name));
    const manifest: ImageManifest = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociManifest, config, layers };
    const descriptor = { mediaType: manifest.mediaType, ...blobs.writeBytes(Buffer.from(JSON.stringify(manifest))) };
    return importManifest(
      { descriptor, manifest, names: entry.RepoTags },
      { name, hasBlob: () => true, readBlob: (digest, maxBytes) => blobs.readBytes(digest, maxBytes) },
    );
  });
}

/** The names in `manifest.json` by the digest of the config; none when there is no such file. */
export function readDockerNames(archive: UnpackedArchive, name: string): ReadonlyMap<Digest, readonly string[]> {
  if (!archive.manifestJson) return new Map();
  return new Map(
    parseEntries(archive, name).map(({ Config, RepoTags }) => [findFile(archive, Config, name).digest, RepoTags]),
  );
}

function findFile(archive: UnpackedArchive, path: string, name: string): HashedBytes {
  const found = archive.find(path);
  if (!found) throw archiveError(name, `"${path}", which its manifest.json names, is not in it`);
  return found;
}

function layerDescriptor({ digest, size }: HashedBytes, blobs: BlobStore, name: string): Descriptor {
  const compression = detectCompression(readHead(blobs.path(digest)));
  const mediaType = LAYER_TYPE[compression];
  if (!mediaType) throw archiveError(name, `it has a layer compressed with ${compression}, which no image may have`);
  return { mediaType, digest, size };
}

function readHead(path: string): Buffer {
  const fd = openSync(path, 'r');
  try {
    const head = Buffer.alloc(MAGIC_BYTES);
    return head.subarray(0, readSync(fd, head, 0, MAGIC_BYTES, 0));
  } finally {
    closeSync(fd);
  }
}

interface Entry {
  readonly Config: string;
  readonly Layers: readonly string[];
  readonly RepoTags: readonly string[];
}

function parseEntries({ manifestJson = Buffer.alloc(0) }: UnpackedArchive, name: string): Entry[] {
  const value = parseJson(manifestJson, name);
  if (!Array.isArray(value) || value.length > MAX_LAYERS)
    throw archiveError(name, 'its manifest.json is no list of images');
  return value.map((entry: unknown) => {
    const { Config: config, Layers: layers, RepoTags: tags } = { ...(entry as Record<string, unknown> | null) };
    if (typeof config !== 'string' || !isTexts(layers) || layers.length > MAX_LAYERS) {
      throw archiveError(name, 'its manifest.json names no config and layers');
    }
    return { Config: config, Layers: layers, RepoTags: isTexts(tags) ? tags : [] };
  });
}

function parseJson(bytes: Buffer, name: string): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch (error) {
    if (error instanceof SyntaxError) throw archiveError(name, 'its manifest.json is no JSON');
    throw error;
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
