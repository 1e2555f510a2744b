import { closeSync, constants, createReadStream, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import { type Digest, digestHex } from '../digest.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { archiveError } from './archive-error.ts';
import { importManifest } from './import-manifest.ts';
import type { ImportedImage } from './imported-image.ts';
import { readOciIndex } from './read-oci-index.ts';

export interface ReadLayoutOptions {
  readonly name: string;
  readonly reference?: string;
  readonly platform?: Parameters<typeof readOciIndex>[2]['platform'];
  readonly signal?: AbortSignal;
}

const MAX_INDEX_BYTES = 16 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;

/**
 * The images of an OCI image layout, copied into the blob store: only what they need, each blob verified.
 *
 * @throws KnownError ARCHIVE_INVALID, IMAGE_CORRUPT, DIGEST_MISMATCH
 */
export async function readImageLayout(
  dir: string,
  blobs: BlobStore,
  options: ReadLayoutOptions,
): Promise<ImportedImage[]> {
  const { name } = options;
  const indexJson = readWhole(join(dir, 'index.json'), MAX_INDEX_BYTES, name);
  if (!indexJson) throw archiveError(name, 'the folder has no index.json', 'An OCI image layout has one.');
  const pathOf = (digest: Digest) => join(dir, 'blobs', 'sha256', digestHex(digest));
  const readBlob = (digest: Digest, maxBytes: number) => readWhole(pathOf(digest), maxBytes, name);
  const images = readOciIndex(indexJson, readBlob, options).map((found) => {
    // Whether the layers are there shows when they are copied.
    return { found, image: importManifest(found, { readBlob, hasBlob: () => true, name }) };
  });
  for (const { found, image } of images) {
    for (const blob of [found.manifest.config, image.manifest, ...image.layers.map((layer) => layer.blob)]) {
      const { digest, size } = blob;
      await blobs.write(readFile(pathOf(digest), name), { digest, size }, { signal: options.signal });
    }
  }
  return images.map(({ image }) => image);
}

async function* readFile(path: string, name: string): AsyncGenerator<Buffer> {
  const fd = openRegular(path, name);
  if (fd === undefined) throw archiveError(name, `${path} is not there`);
  yield* createReadStream('', { fd, highWaterMark: READ_BYTES });
}

function readWhole(path: string, maxBytes: number, name: string): Buffer | undefined {
  const fd = openRegular(path, name);
  if (fd === undefined) return undefined;
  try {
    const { size } = fstatSync(fd);
    if (size > maxBytes) throw archiveError(name, `${path} has ${size} bytes`);
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** A fifo in the place of a blob would never answer. */
function openRegular(path: string, name: string): number | undefined {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (fstatSync(fd).isFile()) return fd;
    closeSync(fd);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  throw archiveError(name, `${path} is no file`);
}
