/**
 * Reads images that somebody else wrote, into a blob store: an OCI archive, an OCI image layout, a docker archive
 * of any age, archives also compressed. Which one it is, its content says. Everything in it is hostile until
 * checked; it must not know the image store, the caller names and records what comes out. What surprises: blobs of
 * images that turn out not to be needed stay in the blob store until prune takes them.
 */
import { createReadStream, statSync } from 'node:fs';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import type { Digest } from '../digest.ts';
import type { Platform } from '../platform.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { archiveError } from './archive-error.ts';
import { importManifest } from './import-manifest.ts';
import type { ImportedImage } from './imported-image.ts';
import { readDockerManifest, readDockerNames } from './read-docker-manifest.ts';
import { readImageLayout } from './read-image-layout.ts';
import { type ReadBlob, readOciIndex } from './read-oci-index.ts';
import { type UnpackedArchive, unpackImageArchive } from './unpack-image-archive.ts';

export interface ReadImagesOptions {
  /** What it is called in messages; the path by default. */
  readonly name?: string;
  /** Only the image of this name, tag or digest, of a layout or an OCI archive that has several. */
  readonly reference?: string;
  /** Of images for several platforms only the one that suits this; every one by default. */
  readonly platform?: Platform;
  readonly signal?: AbortSignal;
}

const READ_BYTES = 1024 * 1024;

/**
 * The images of a file, a folder or a stream, in its order; at least one unless `reference` or `platform` excluded
 * all.
 *
 * @throws KnownError ARCHIVE_INVALID when it is none of these or is not whole; IMAGE_CORRUPT and DIGEST_MISMATCH
 *   when what it says about an image is wrong
 */
export async function readImageArchive(
  source: string | AsyncIterable<Buffer>,
  blobs: BlobStore,
  options: ReadImagesOptions = {},
): Promise<ImportedImage[]> {
  const name = options.name ?? (typeof source === 'string' ? source : 'the archive');
  if (typeof source === 'string' && isDirectory(source, name)) {
    return readImageLayout(source, blobs, { ...options, name });
  }
  const stream = typeof source === 'string' ? createReadStream(source, { highWaterMark: READ_BYTES }) : source;
  const archive = await unpackImageArchive(stream, blobs, { name, signal: options.signal });
  return readUnpacked(archive, blobs, { ...options, name });
}

function isDirectory(path: string, name: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') throw archiveError(name, 'there is no such file');
    throw error;
  }
}

/** The names in `manifest.json` are added to those of the index, which some versions of docker leave without. */
function readUnpacked(
  archive: UnpackedArchive,
  blobs: BlobStore,
  options: ReadImagesOptions & { readonly name: string },
): ImportedImage[] {
  const { name } = options;
  if (!archive.indexJson) return readDockerManifest(archive, blobs, { name });
  const dockerNames = readDockerNames(archive, name);
  const readBlob: ReadBlob = (digest, maxBytes) => (blobs.has(digest) ? blobs.readBytes(digest, maxBytes) : undefined);
  return readOciIndex(archive.indexJson, readBlob, options).map((found) => {
    const image = importManifest(found, { readBlob, hasBlob: hasBlob(blobs), name });
    return image.names.length > 0 ? image : { ...image, names: dockerNames.get(image.id) ?? [] };
  });
}

function hasBlob(blobs: BlobStore): (digest: Digest, size: number) => boolean {
  return (digest, size) => blobs.has(digest, size);
}
