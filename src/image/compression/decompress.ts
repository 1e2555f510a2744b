/**
 * Decompresses what layers and archives come in, as a stream with bounded memory. It must not know what is inside.
 * What surprises: node:zlib's zstd stops silently after the first of several frames and Node.js 20 has none at all,
 * so frames are taken apart here.
 */
import { createGunzip } from 'node:zlib';
import { assertNever } from '../../diagnostics/assert-never.ts';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import { type CompressedSubject, compressionError, damaged } from './compression-error.ts';
import { type Compression, detectCompression, MAGIC_BYTES } from './detect-compression.ts';
import { peekStream } from './peek-stream.ts';
import { transformStream } from './transform-stream.ts';

export interface DecompressOptions extends CompressedSubject {
  /** More than this is an error: a bound on decompression bombs. No bound by default. */
  readonly maxBytes?: number;
}

/** Larger chunks double the speed of gunzip. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * The plain bytes of a stream. Concatenated gzip members and zstd frames give the concatenation of their contents.
 *
 * @throws KnownError ARCHIVE_INVALID or LAYER_CORRUPT (`options.errorCode`) when the data is damaged, cut short or
 *   longer than `maxBytes`; what the source throws comes through as it is.
 */
export async function* decompress(
  source: AsyncIterable<Buffer>,
  kind: Compression,
  options: DecompressOptions = {},
): AsyncGenerator<Buffer> {
  const { maxBytes = Number.POSITIVE_INFINITY } = options;
  let size = 0;
  for await (const chunk of await openDecompressor(source, kind, options)) {
    size += chunk.length;
    if (size > maxBytes) throw compressionError(options, `it unpacks to more than ${maxBytes} bytes`);
    yield chunk;
  }
}

/** `decompress` of whatever the first bytes say it is; plain bytes pass through. */
export async function* decompressDetected(
  source: AsyncIterable<Buffer>,
  options: DecompressOptions = {},
): AsyncGenerator<Buffer> {
  const { head, stream } = await peekStream(source, MAGIC_BYTES);
  yield* decompress(stream, detectCompression(head), options);
}

/** The rarer formats are loaded when they are met. */
async function openDecompressor(
  source: AsyncIterable<Buffer>,
  kind: Compression,
  subject: CompressedSubject,
): Promise<AsyncIterable<Buffer>> {
  switch (kind) {
    case 'none':
      return source;
    case 'gzip':
      return gunzip(source, subject);
    case 'zstd':
      return (await import('./decompress-zstd.ts')).decompressZstd(source, subject);
    case 'bzip2':
      return (await import('./decompress-bzip2.ts')).decompressBzip2(source, subject);
    case 'xz':
      return (await import('./decompress-xz.ts')).decompressXz(source, subject);
    default:
      return assertNever(kind);
  }
}

function gunzip(source: AsyncIterable<Buffer>, subject: CompressedSubject): AsyncIterable<Buffer> {
  return transformStream(source, createGunzip({ chunkSize: CHUNK_BYTES }), (error) =>
    isZlibError(error) ? damaged(subject, 'gzip', error) : error,
  );
}

/** Z_DATA_ERROR, Z_BUF_ERROR and their like. */
function isZlibError(error: unknown): boolean {
  return /^(?:Z_|ZSTD_)/.test(systemErrorCode(error) ?? '');
}
