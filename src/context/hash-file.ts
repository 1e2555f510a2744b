import { createHash, hash } from 'node:crypto';
import { closeSync, lstatSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { identityFromStats } from './entry-from-stats.ts';
import type { FileDigests } from './file-digests.ts';
import type { FileEntry, FileIdentity } from './file-tree.ts';
import { assertUnchanged, openEntry } from './open-entry.ts';

/** Memory a hasher takes; files up to this size are hashed in one go. */
const BUFFER_BYTES = 1 << 20;
/** How long a spinner may stand still. */
const YIELD_MS = 20;

export const EMPTY_SHA256 = hash('sha256', '', 'hex');

/** Hashes files one after the other with one buffer, lets the event loop turn now and then, and remembers. */
export class FileHasher {
  readonly #digests: FileDigests;
  readonly #signal: AbortSignal | undefined;
  #buffer: Buffer | undefined;
  #yieldedAt = performance.now();

  constructor(digests: FileDigests, signal?: AbortSignal) {
    this.#digests = digests;
    this.#signal = signal;
  }

  /**
   * sha256 of a regular file's contents, in hex: at once when it is remembered or small, otherwise a promise.
   * @throws KnownError CONTEXT_CHANGED, PERMISSION_DENIED.
   */
  hash(entry: FileEntry): string | Promise<string> {
    if (entry.size === 0) return EMPTY_SHA256;
    const identity = entry.identity ?? identityFromStats(lstatSync(entry.hostPath, { bigint: true }));
    const remembered = this.#digests.get(identity);
    if (remembered !== undefined) return remembered;
    return entry.size < BUFFER_BYTES ? this.#hashSmall(entry, identity) : this.#hashLarge(entry, identity);
  }

  /** To be awaited between files; true when it is time. */
  get isDue(): boolean {
    return performance.now() - this.#yieldedAt > YIELD_MS;
  }

  /** Lets timers and signals in. @throws the signal's reason. */
  async yield(): Promise<void> {
    await setImmediate();
    this.#signal?.throwIfAborted();
    this.#yieldedAt = performance.now();
  }

  #hashSmall(entry: FileEntry, identity: FileIdentity): string {
    const readMs = this.#digests.now();
    this.#buffer ??= Buffer.allocUnsafeSlow(BUFFER_BYTES);
    const fd = openEntry(entry);
    try {
      // Not a byte more than openEntry found there: to ask whether the file ended would be one call more a file.
      const length = readFully(fd, this.#buffer.subarray(0, entry.size));
      if (length !== entry.size) assertUnchanged(entry, fd);
      const digest = hash('sha256', this.#buffer.subarray(0, length), 'hex');
      this.#digests.set(identity, digest, readMs);
      return digest;
    } finally {
      closeSync(fd);
    }
  }

  async #hashLarge(entry: FileEntry, identity: FileIdentity): Promise<string> {
    const readMs = this.#digests.now();
    this.#buffer ??= Buffer.allocUnsafeSlow(BUFFER_BYTES);
    const digest = createHash('sha256');
    const fd = openEntry(entry);
    try {
      for (;;) {
        const length = readFully(fd, this.#buffer);
        digest.update(this.#buffer.subarray(0, length));
        if (length < BUFFER_BYTES) break;
        if (this.isDue) await this.yield();
      }
      assertUnchanged(entry, fd);
    } finally {
      closeSync(fd);
    }
    const hex = digest.digest('hex');
    this.#digests.set(identity, hex, readMs);
    return hex;
  }
}

/** Fills the buffer unless the file ends. */
function readFully(fd: number, buffer: Buffer): number {
  let length = 0;
  while (length < buffer.length) {
    const read = readSync(fd, buffer, length, buffer.length - length, null);
    if (read === 0) break;
    length += read;
  }
  return length;
}
