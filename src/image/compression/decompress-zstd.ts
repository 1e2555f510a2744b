import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import { ByteReader } from '../tar/byte-reader.ts';
import { type CompressedSubject, compressionError, damaged } from './compression-error.ts';
import { transformStream } from './transform-stream.ts';
import { MAX_WINDOW_BYTES, nextZstdFrame, ZstdFrameError, ZstdWindowError } from './zstd-frame.ts';

type FrameDecoder = (frame: AsyncIterable<Buffer>) => AsyncIterable<Buffer>;

/** Frames one after the other, each with a decoder of its own: node:zlib's where it has one, else fzstd. */
export async function* decompressZstd(
  source: AsyncIterable<Buffer>,
  subject: CompressedSubject,
): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source);
  try {
    const decode = nativeDecoder() ?? (await portableDecoder());
    for (let frame = await nextZstdFrame(reader); frame; frame = await nextZstdFrame(reader)) yield* decode(frame);
  } catch (error) {
    throw translate(subject, error);
  } finally {
    await reader.close();
  }
}

/** Since Node.js 22.15. */
function nativeDecoder(): FrameDecoder | undefined {
  const { createZstdDecompress } = zlib as { createZstdDecompress?: (options: object) => Transform };
  if (!createZstdDecompress) return undefined;
  return (frame) => transformStream(frame, createZstdDecompress({ chunkSize: 256 * 1024 }), (error) => error);
}

async function portableDecoder(): Promise<FrameDecoder> {
  const { Decompress } = await import('fzstd');
  return async function* decode(frame) {
    let decoded: Uint8Array[] = [];
    const decoder = new Decompress((data) => decoded.push(data));
    const push = (piece: Buffer, isLast: boolean): Uint8Array[] => {
      decoded = [];
      try {
        decoder.push(piece, isLast);
      } catch (cause) {
        throw new ZstdFrameError('no zstd', { cause });
      }
      return decoded;
    };
    for await (const piece of frame) yield* nonEmpty(push(piece, false));
    // Frames of a few bytes are decoded only now.
    yield* nonEmpty(push(Buffer.alloc(0), true));
  };
}

function* nonEmpty(parts: readonly Uint8Array[]): Generator<Buffer> {
  for (const part of parts) {
    if (part.length > 0) yield Buffer.from(part.buffer, part.byteOffset, part.byteLength);
  }
}

function translate(subject: CompressedSubject, error: unknown): unknown {
  if (error instanceof ZstdWindowError) {
    return compressionError(subject, `its zstd data needs more than ${MAX_WINDOW_BYTES >> 20} MiB of memory`, error);
  }
  const isDecoders = error instanceof ZstdFrameError || systemErrorCode(error)?.startsWith('Z');
  return isDecoders ? damaged(subject, 'zstd', error) : error;
}
