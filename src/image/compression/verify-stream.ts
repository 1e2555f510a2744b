import { createHash, type Hash } from 'node:crypto';
import { KnownError } from '../../diagnostics/known-error.ts';
import type { Digest } from '../digest.ts';

/** What a blob was promised to be; what is not given is not checked. */
export interface ExpectedBlob {
  readonly digest?: Digest;
  readonly size?: number;
}

export interface HashedBytes {
  readonly digest: Digest;
  readonly size: number;
}

/** Computes the digest and size of a stream that somebody else reads. */
export class StreamHash {
  readonly #hash: Hash = createHash('sha256');
  #size = 0;
  #finished: HashedBytes | undefined;

  /** The same bytes. May be used for several streams that are one content, one after the other. */
  async *pass(source: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      this.update(chunk);
      yield chunk;
    }
  }

  update(chunk: Buffer): void {
    this.#size += chunk.length;
    this.#hash.update(chunk);
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** Of everything that passed; nothing may pass afterwards. */
  finish(): HashedBytes {
    this.#finished ??= { digest: `sha256:${this.#hash.digest('hex')}` as Digest, size: this.#size };
    return this.#finished;
  }
}

/**
 * The same bytes, checked against what was promised: too many bytes end the stream at once, everything else at its
 * end. A consumer may use nothing of it before the stream has ended well; `hash` can tell it then what it was.
 *
 * @throws KnownError DIGEST_MISMATCH
 */
export async function* verifyStream(
  source: AsyncIterable<Buffer>,
  expected: ExpectedBlob,
  hash: StreamHash = new StreamHash(),
): AsyncGenerator<Buffer> {
  for await (const chunk of hash.pass(source)) {
    if (expected.size !== undefined && hash.size > expected.size) throw sizeMismatch(expected, 'more than');
    yield chunk;
  }
  checkHashed(hash.finish(), expected);
}

/** @throws KnownError DIGEST_MISMATCH */
export function checkHashed(actual: HashedBytes, expected: ExpectedBlob): void {
  if (expected.size !== undefined && actual.size !== expected.size) {
    throw sizeMismatch(expected, `${actual.size} bytes instead of`);
  }
  if (expected.digest !== undefined && actual.digest !== expected.digest) {
    throw mismatch(`The blob ${expected.digest} arrived with other content: ${actual.digest}.`);
  }
}

/** The digest of bytes in memory. */
export function digestOf(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest;
}

function sizeMismatch({ digest, size }: ExpectedBlob, actual: string): KnownError {
  return mismatch(`The ${digest ? `blob ${digest}` : 'content'} has ${actual} ${size}.`);
}

function mismatch(message: string): KnownError {
  return new KnownError('DIGEST_MISMATCH', message, {
    hint: 'The transfer or its source is damaged: try again, or fetch it from somewhere else.',
  });
}
