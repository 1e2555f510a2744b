import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { type CompressedSubject, compressionError, damaged } from './compression-error.ts';

/** xz-embedded's XZ_MEMLIMIT_ERROR and XZ_OPTIONS_ERROR. */
const NOT_SUPPORTED = /error code [46]$/;

/**
 * xz streams, one or several. The decoder has no BCJ filters and at most 64 MiB of dictionary, and there is one for
 * the whole process: a second stream waits until the first is read to its end or left.
 */
export async function* decompressXz(source: AsyncIterable<Buffer>, subject: CompressedSubject): AsyncGenerator<Buffer> {
  const { XzReadableStream } = await loadDecoder();
  const input = new RememberedError(source);
  const compressed = Readable.toWeb(
    Readable.from(input, { highWaterMark: 1 }),
  ) as unknown as ReadableStream<Uint8Array>;
  const plain = new XzReadableStream(compressed as never).getReader();
  try {
    for (let next = await plain.read(); !next.done; next = await plain.read()) {
      if (next.value.length > 0) yield Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    }
  } catch (error) {
    throw input.failed ? input.error : translate(subject, error);
  } finally {
    await plain.cancel().catch(() => undefined);
  }
}

type Decoder = typeof import('xz-decompress');

/** A CommonJS module whose names Node.js cannot tell, other than its types say. */
async function loadDecoder(): Promise<Decoder> {
  const module: object = await import('xz-decompress');
  return (module as { readonly default: Decoder }).default;
}

function translate(subject: CompressedSubject, error: unknown): Error {
  if (error instanceof Error && NOT_SUPPORTED.test(error.message)) {
    return compressionError(
      subject,
      'its xz data uses a filter, a check or a dictionary size that is not supported',
      error,
    );
  }
  return damaged(subject, 'xz', error);
}

/** Tells errors of the source from those of the decoder, which has no class of its own for them. */
class RememberedError implements AsyncIterable<Buffer> {
  readonly #source: AsyncIterable<Buffer>;
  failed = false;
  error: unknown;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      yield* this.#source;
    } catch (error) {
      this.failed = true;
      this.error = error;
      throw error;
    }
  }
}
