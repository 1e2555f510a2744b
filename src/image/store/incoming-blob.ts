/**
 * A blob on its way into the store, which can be read from its start while it still comes: so that a layer is unpacked while it
 * is fetched. It must not know where blobs lie. What surprises: who reads gets bytes before they are verified; the
 * end of the reading is the verdict, and nothing may be kept of what was read until then.
 */
import { EventEmitter, once } from 'node:events';
import { renameSync } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import { type ExpectedBlob, type HashedBytes, StreamHash, verifyStream } from '../compression/verify-stream.ts';

export interface IncomingBlobOptions {
  /** Beside the final path. */
  readonly temporary: string;
  finalPath(written: HashedBytes): string;
  readonly mode: number;
  readonly signal?: AbortSignal | undefined;
}

const READ_BYTES = 1024 * 1024;
/** Connections give pieces of 64 KiB; a call of the kernel takes several. */
const WRITE_BYTES = 512 * 1024;

export class IncomingBlob {
  /** Resolves once the blob is whole, on disk, and visible; rejects, without a trace, as `BlobStore.write` does. */
  readonly done: Promise<HashedBytes>;
  readonly #options: IncomingBlobOptions;
  readonly #progress = new EventEmitter();
  #written = 0;
  #state: 'opening' | 'coming' | 'ended' = 'opening';

  constructor(source: AsyncIterable<Buffer>, expected: ExpectedBlob, options: IncomingBlobOptions) {
    this.#options = options;
    this.done = this.#receive(source, expected).finally(() => this.#advance('ended'));
    // Whoever awaits it sees the failure; until then it must not count as unhandled.
    this.done.catch(() => undefined);
  }

  /** The bytes from the start as they come; ends, or throws, as `done` does. */
  async *open(): AsyncGenerator<Buffer> {
    while (this.#state === 'opening') await once(this.#progress, 'progress');
    const file = await this.#openFile();
    try {
      for (let position = 0; position < this.#written || this.#state !== 'ended'; ) {
        const available = this.#written - position;
        if (available < WRITE_BYTES && this.#state !== 'ended') {
          await once(this.#progress, 'progress');
          continue;
        }
        const size = Math.min(available, READ_BYTES);
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(size), 0, size, position);
        position += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
    await this.done;
  }

  /** Once it has ended the file is gone or at its final path, and `done` says which. */
  async #openFile(): Promise<FileHandle> {
    try {
      return await open(this.#options.temporary);
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') throw error;
      return open(this.#options.finalPath(await this.done));
    }
  }

  async #receive(source: AsyncIterable<Buffer>, expected: ExpectedBlob): Promise<HashedBytes> {
    const { temporary, finalPath, mode, signal } = this.#options;
    const file = await open(temporary, 'wx', mode);
    try {
      this.#advance('coming');
      const hash = new StreamHash();
      await this.#writeAll(file, verifyStream(source, expected, hash), signal);
      const written = hash.finish();
      renameSync(temporary, finalPath(written));
      return written;
    } catch (error) {
      await unlink(temporary);
      throw error;
    }
  }

  async #writeAll(file: FileHandle, source: AsyncIterable<Buffer>, signal: AbortSignal | undefined): Promise<void> {
    let pending: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of source) {
        signal?.throwIfAborted();
        pending.push(chunk);
        size += chunk.length;
        if (size < WRITE_BYTES) continue;
        await this.#write(file, pending, size);
        pending = [];
        size = 0;
      }
      if (size > 0) await this.#write(file, pending, size);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async #write(file: FileHandle, chunks: readonly Buffer[], size: number): Promise<void> {
    const { bytesWritten } = await file.writev(chunks);
    // The kernel takes less than all when the disk is full, and says why only when asked again.
    if (bytesWritten < size) await file.writeFile(Buffer.concat(chunks).subarray(bytesWritten));
    this.#written += size;
    this.#advance('coming');
  }

  #advance(state: 'coming' | 'ended'): void {
    this.#state = state;
    this.#progress.emit('progress');
  }
}
