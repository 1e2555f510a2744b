import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ByteSource, bufferSource, fileSource } from '../elf/byte-source.ts';
import type { FileVisitor } from './read-layer.ts';

/** Larger files wait on disk. */
const MEMORY_BYTES = 16 * 1024 * 1024;

/**
 * Keeps the content of a file until it is whole and shows it then, to whom it must be read in any order. `wants` sees the first bytes
 * (as many as came, at least one) and says whether it is worth keeping. Nothing stays afterwards.
 */
export class KeptContent implements FileVisitor {
  readonly #wants: (head: Buffer) => boolean;
  readonly #use: (source: ByteSource) => void;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #isWanted: boolean | undefined;
  #fd: number | undefined;

  constructor(wants: (head: Buffer) => boolean, use: (source: ByteSource) => void) {
    this.#wants = wants;
    this.#use = use;
  }

  write(chunk: Buffer): void {
    this.#isWanted ??= this.#wants(chunk);
    if (!this.#isWanted) return;
    this.#bytes += chunk.length;
    if (this.#fd !== undefined) writeAll(this.#fd, chunk);
    else this.#chunks.push(chunk);
    if (this.#fd === undefined && this.#bytes > MEMORY_BYTES) this.#fd = this.#spill();
  }

  finish(): void {
    if (!this.#isWanted) return;
    try {
      if (this.#fd === undefined) this.#use(bufferSource(Buffer.concat(this.#chunks)));
      else this.#use(fileSource(this.#fd, fstatSync(this.#fd).size));
    } finally {
      this.discard();
    }
  }

  discard(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    this.#chunks = [];
  }

  /** The file has no name any more, so that nothing stays when the process is killed. */
  #spill(): number {
    const dir = mkdtempSync(join(tmpdir(), 'slipway-file-'));
    try {
      const fd = openSync(join(dir, 'content'), 'wx+', 0o600);
      for (const chunk of this.#chunks) writeAll(fd, chunk);
      this.#chunks = [];
      return fd;
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }
}

function writeAll(fd: number, chunk: Buffer): void {
  for (let written = 0; written < chunk.length; ) written += writeSync(fd, chunk, written);
}
