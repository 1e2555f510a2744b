/**
 * Blobs by digest in an OCI image layout (image-layout.md): `oci-layout` and `blobs/sha256/<hex>`. A blob is there
 * whole or not at all, and is checked against its name whenever it is written or streamed out. It must not know
 * images; `index.json` is LayoutIndex's. What surprises: a blob found damaged is removed, so that it is simply
 * missing from then on and the next pull or build makes it again.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { KnownError, systemErrorCode } from '../../diagnostics/known-error.ts';
import { writeFileAtomic } from '../../system/write-file-atomic.ts';
import { digestOf, type ExpectedBlob, type HashedBytes, StreamHash } from '../compression/verify-stream.ts';
import { type Digest, digestHex } from '../digest.ts';
import { IMAGE_LAYOUT } from './image-layout.ts';
import { IncomingBlob } from './incoming-blob.ts';

const READ_BYTES = 1024 * 1024;
/** Nobody changes a blob: other content has another name. */
const BLOB_MODE = 0o444;
const TEMPORARY = '.tmp-';
const BLOB_NAME = /^[0-9a-f]{64}$/;

export class BlobStore {
  readonly #root: string;
  readonly #dir: string;

  /** `root` is the layout's folder; it and what is in it are made when something is written. */
  constructor(root: string) {
    this.#root = root;
    this.#dir = join(root, 'blobs', 'sha256');
  }

  /** Where the blob is or would be. What is read there directly is not verified. */
  path(digest: Digest): string {
    return join(this.#dir, digestHex(digest));
  }

  /** False also when its size is not the one given: it was cut, and will be written anew. Cheap. */
  has(digest: Digest, size?: number): boolean {
    const actual = this.size(digest);
    return actual !== undefined && (size === undefined || actual === size);
  }

  /** Bytes, or undefined when it is not there. */
  size(digest: Digest): number | undefined {
    const stats = statSync(this.path(digest), { throwIfNoEntry: false });
    return stats?.isFile() ? stats.size : undefined;
  }

  /**
   * Stores a stream under the digest of what came. Nothing is read when the expected blob is there already (the
   * source is closed). Visible when it is whole and on disk; rejects without a trace when the source does, when the
   * signal is aborted, or with DIGEST_MISMATCH when it is not what was expected.
   */
  async write(
    source: AsyncIterable<Buffer>,
    expected: ExpectedBlob = {},
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<HashedBytes> {
    if (expected.digest && this.has(expected.digest, expected.size)) {
      await source[Symbol.asyncIterator]().return?.();
      return { digest: expected.digest, size: this.size(expected.digest) ?? 0 };
    }
    return this.receive(source, expected, options).done;
  }

  /** `write` of a blob that is not there, which can be read before it is whole. */
  receive(
    source: AsyncIterable<Buffer>,
    expected: ExpectedBlob,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): IncomingBlob {
    this.#makeLayout();
    return new IncomingBlob(source, expected, {
      temporary: join(this.#dir, `${TEMPORARY}${randomBytes(8).toString('hex')}`),
      finalPath: ({ digest }) => this.path(digest),
      mode: BLOB_MODE,
      signal: options.signal,
    });
  }

  /** `write` of bytes in memory. */
  writeBytes(bytes: Buffer): HashedBytes {
    const digest = digestOf(bytes);
    if (!this.has(digest, bytes.length)) {
      this.#makeLayout();
      writeFileAtomic(this.path(digest), bytes, { mode: BLOB_MODE });
    }
    return { digest, size: bytes.length };
  }

  /**
   * The blob in chunks of 1 MiB, verified as it is read: a consumer may use nothing before it ended well.
   * @throws KnownError STORE_CORRUPT when it is missing or damaged
   */
  async *open(digest: Digest): AsyncGenerator<Buffer> {
    const file = await open(this.path(digest)).catch((error) => {
      throw systemErrorCode(error) === 'ENOENT' ? missing(digest) : error;
    });
    const hash = new StreamHash();
    try {
      yield* hash.pass(readAll(file));
    } finally {
      await file.close();
    }
    this.#check(digest, hash.finish().digest);
  }

  /**
   * A small blob at once (a manifest, a config), verified.
   * @throws KnownError STORE_CORRUPT when it is missing, damaged or longer than `maxBytes`
   */
  readBytes(digest: Digest, maxBytes: number): Buffer {
    const size = this.size(digest);
    if (size === undefined) throw missing(digest);
    if (size > maxBytes)
      throw new KnownError('STORE_CORRUPT', `The blob ${digest} has ${size} bytes, too many to read whole.`);
    const bytes = readFileSync(this.path(digest));
    this.#check(digest, digestOf(bytes));
    return bytes;
  }

  /** Every blob that is there, unordered. */
  list(): Digest[] {
    return this.#names()
      .filter((name) => BLOB_NAME.test(name))
      .map((hex) => `sha256:${hex}` as Digest);
  }

  /** Removes a blob that nothing needs (the caller knows); idempotent. Returns the bytes freed. */
  remove(digest: Digest): number {
    const size = this.size(digest) ?? 0;
    removeFile(this.path(digest));
    return size;
  }

  /** Removes what killed writers left, if it is older than that. Returns the bytes freed. */
  removeAbandoned(olderThanMs: number): number {
    const before = Date.now() - olderThanMs;
    let freed = 0;
    for (const name of this.#names().filter((entry) => entry.startsWith(TEMPORARY))) {
      const stats = statSync(join(this.#dir, name), { throwIfNoEntry: false });
      if (!stats || stats.mtimeMs > before) continue;
      removeFile(join(this.#dir, name));
      freed += stats.size;
    }
    return freed;
  }

  #check(digest: Digest, actual: Digest): void {
    if (actual === digest) return;
    this.remove(digest);
    throw new KnownError('STORE_CORRUPT', `The blob ${digest} in the store is damaged: its content is ${actual}.`, {
      hint: 'It was removed; pull, load or build the image again.',
    });
  }

  #names(): string[] {
    try {
      return readdirSync(this.#dir);
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return [];
      throw error;
    }
  }

  #makeLayout(): void {
    if (statSync(this.#dir, { throwIfNoEntry: false })) return;
    mkdirSync(this.#dir, { recursive: true });
    writeFileAtomic(join(this.#root, 'oci-layout'), IMAGE_LAYOUT);
  }
}

async function* readAll(file: FileHandle): AsyncGenerator<Buffer> {
  for (;;) {
    // A chunk belongs to who gets it, so each is a new one.
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(READ_BYTES), 0, READ_BYTES, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

function missing(digest: Digest): KnownError {
  return new KnownError('STORE_CORRUPT', `The blob ${digest} is missing from the store.`, {
    hint: 'Pull, load or build the image again.',
  });
}

function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}
