import { posix } from 'node:path';
import { decompressDetected } from '../compression/decompress.ts';
import type { HashedBytes } from '../compression/verify-stream.ts';
import type { Digest } from '../digest.ts';
import type { BlobStore } from '../store/blob-store.ts';
import { readTar } from '../tar/read-tar.ts';
import type { TarEntry } from '../tar/tar-entry.ts';
import { archiveError } from './archive-error.ts';

/** The files of an image archive: its small ones by path, the blobs of all others in the blob store. */
export interface UnpackedArchive {
  readonly indexJson?: Buffer;
  readonly manifestJson?: Buffer;
  /** What a path in the archive holds, links followed; undefined when it is not there. */
  find(path: string): HashedBytes | undefined;
}

const MAX_JSON_BYTES = 16 * 1024 * 1024;
const MAX_ENTRIES = 100_000;
const MAX_LINKS = 8;
const LAYOUT_BLOB = /^blobs\/sha256\/([0-9a-f]{64})$/;
/** Where docker, podman, skopeo, bazel, nix and go-containerregistry put layers and configs in a docker archive. */
const DOCKER_FILE = /^(?:[^/]+\/)?[^/]+\.(?:tar|json|tar\.gz|tgz)$|^sha256:[0-9a-f]{64}$/;
const INDEX_JSON = 'index.json';
const MANIFEST_JSON = 'manifest.json';

/**
 * Reads an archive of either kind, compressed or not, in one pass: what may be a config or a layer goes straight
 * into the blob store, since the file that tells which ones are needed often comes last. Paths of the archive never
 * become paths on disk.
 *
 * @throws KnownError ARCHIVE_INVALID, DIGEST_MISMATCH
 */
export async function unpackImageArchive(
  source: AsyncIterable<Buffer>,
  blobs: BlobStore,
  options: { readonly name: string; readonly signal?: AbortSignal | undefined },
): Promise<UnpackedArchive> {
  const files = new Map<string, HashedBytes>();
  const links = new Map<string, string>();
  const json = new Map<string, Buffer>();
  let count = 0;
  for await (const entry of readTar(decompressDetected(source, options), options)) {
    options.signal?.throwIfAborted();
    if (++count > MAX_ENTRIES) throw notImages(options.name);
    const path = posix.normalize(entry.path);
    if (entry.linkTarget !== undefined) links.set(path, linkedPath(path, entry));
    if (entry.type !== 'file') continue;
    if (path === INDEX_JSON || path === MANIFEST_JSON) json.set(path, await readWhole(entry, options.name));
    else if (isContent(path)) files.set(path, await storeContent(path, entry, { blobs, signal: options.signal }));
  }
  const indexJson = json.get(INDEX_JSON);
  const manifestJson = json.get(MANIFEST_JSON);
  if (!indexJson && !manifestJson) throw notImages(options.name);
  return {
    ...(indexJson && { indexJson }),
    ...(manifestJson && { manifestJson }),
    find: (path) => findFile(posix.normalize(path), files, links),
  };
}

function isContent(path: string): boolean {
  return LAYOUT_BLOB.test(path) || DOCKER_FILE.test(path);
}

/** A blob of a layout must be what its name says; the files of a docker archive have names without meaning. */
function storeContent(
  path: string,
  { body, size }: TarEntry,
  { blobs, signal }: { readonly blobs: BlobStore; readonly signal: AbortSignal | undefined },
): Promise<HashedBytes> {
  const hex = LAYOUT_BLOB.exec(path)?.[1];
  return blobs.write(body, { size, ...(hex && { digest: `sha256:${hex}` as Digest }) }, { signal });
}

/** Old versions of docker put a link where a layer was in the archive already. */
function linkedPath(path: string, { type, linkTarget = '' }: TarEntry): string {
  return type === 'symlink' ? posix.join(posix.dirname(path), linkTarget) : posix.normalize(linkTarget);
}

function findFile(
  path: string,
  files: ReadonlyMap<string, HashedBytes>,
  links: ReadonlyMap<string, string>,
): HashedBytes | undefined {
  let target: string | undefined = path;
  for (let followed = 0; target !== undefined && followed <= MAX_LINKS; followed++) {
    const file = files.get(target);
    if (file) return file;
    target = links.get(target);
  }
  return undefined;
}

async function readWhole(entry: TarEntry, name: string): Promise<Buffer> {
  if (entry.size > MAX_JSON_BYTES) throw archiveError(name, `its ${entry.path} has ${entry.size} bytes`);
  const parts: Buffer[] = [];
  for await (const chunk of entry.body) parts.push(chunk);
  return Buffer.concat(parts);
}

function notImages(name: string): Error {
  return archiveError(
    name,
    'it has neither an index.json nor a manifest.json',
    'A root filesystem as tar is read with "slipway import".',
  );
}
