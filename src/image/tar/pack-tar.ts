import { closeSync, constants, openSync, readSync } from 'node:fs';
import { KnownError } from '../../diagnostics/known-error.ts';
import { TAR_END, tarHeader, tarPadding } from './encode-header.ts';
import type { TarHeader } from './tar-header.ts';

export interface TarMember {
  readonly header: TarHeader;
  /** Where the content of a regular file is: bytes, or a file on this machine. Needed when `header.size` is not 0. */
  readonly content?: Buffer | { readonly hostPath: string };
}

const CHUNK_BYTES = 1024 * 1024;

/**
 * A whole archive in chunks of 1 MiB, in the members' order. Synchronous, since 20,000 small files cost several
 * times more with a promise each; files are read straight into the chunk. A chunk belongs to who gets it. Members
 * are asked for one after the other, so that they may come from a walk.
 *
 * @throws KnownError STORE_CORRUPT when a file is shorter than its header says.
 */
export function* packTar(members: Iterable<TarMember>): Generator<Buffer> {
  const packer = new Packer();
  for (const { header, content } of members) {
    yield* packer.append(tarHeader(header));
    if (header.size === 0 || header.type !== 'file') continue;
    if (!content) throw new Error(`no content for ${header.path}`);
    if (Buffer.isBuffer(content)) yield* packer.append(exactly(content, header));
    else yield* packer.appendFile(content.hostPath, header);
    yield* packer.append(tarPadding(header.size));
  }
  yield* packer.append(TAR_END);
  yield* packer.flush();
}

function exactly(content: Buffer, header: TarHeader): Buffer {
  if (content.length === header.size) return content;
  throw new Error(`${header.path} has ${content.length} bytes and its header says ${header.size}`);
}

/** Fills chunks. */
class Packer {
  #chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #used = 0;

  *append(bytes: Buffer): Generator<Buffer> {
    for (let start = 0; start < bytes.length; ) {
      const copied = bytes.copy(this.#chunk, this.#used, start);
      start += copied;
      this.#used += copied;
      if (this.#used === CHUNK_BYTES) yield* this.flush();
    }
  }

  *appendFile(hostPath: string, header: TarHeader): Generator<Buffer> {
    const fd = openSync(hostPath, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      for (let left = header.size; left > 0; ) {
        const read = readSync(fd, this.#chunk, this.#used, Math.min(left, CHUNK_BYTES - this.#used), null);
        if (read === 0) throw truncated(header);
        left -= read;
        this.#used += read;
        if (this.#used === CHUNK_BYTES) yield* this.flush();
      }
    } finally {
      closeSync(fd);
    }
  }

  *flush(): Generator<Buffer> {
    if (this.#used === 0) return;
    const full = this.#chunk.subarray(0, this.#used);
    this.#chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    this.#used = 0;
    yield full;
  }
}

function truncated(header: TarHeader): KnownError {
  return new KnownError('STORE_CORRUPT', `"${header.path}" became shorter while it was read.`, {
    hint: 'Nothing may change files while they are archived: try again.',
  });
}
