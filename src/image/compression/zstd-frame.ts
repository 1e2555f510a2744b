import type { ByteReader } from '../tar/byte-reader.ts';

/** zstd's own limit for decompression without --long; it bounds the memory a frame can ask for. */
export const MAX_WINDOW_BYTES = 128 * 1024 * 1024;

const MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;
const MAX_BLOCK_BYTES = 128 * 1024;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;

/** Why a frame cannot be read. */
export class ZstdFrameError extends Error {}

/** The frame asks for more memory than we give. */
export class ZstdWindowError extends ZstdFrameError {}

/**
 * The bytes of the next frame, piece by piece, to be read before the next is asked for; skippable frames are skipped;
 * undefined at the end of the stream. RFC 8878, section 3.1.
 */
export async function nextZstdFrame(reader: ByteReader): Promise<AsyncGenerator<Buffer> | undefined> {
  for (;;) {
    const magic = await reader.read(4);
    if (magic.length === 0) return undefined;
    if (magic.length < 4) throw new ZstdFrameError('cut short');
    const number = magic.readUInt32LE(0);
    if (number === MAGIC) return frame(reader, magic);
    if ((number & 0xfffffff0) >>> 0 !== SKIPPABLE_MAGIC) throw new ZstdFrameError('no frame');
    const size = (await exactly(reader, 4)).readUInt32LE(0);
    if ((await reader.skip(size)) < size) throw new ZstdFrameError('cut short');
  }
}

async function* frame(reader: ByteReader, magic: Buffer): AsyncGenerator<Buffer> {
  const descriptor = await exactly(reader, 1);
  const flags = descriptor[0] ?? 0;
  const rest = await exactly(reader, headerRestBytes(flags));
  checkWindow(flags, rest);
  yield Buffer.concat([magic, descriptor, rest]);
  for (let isLast = false; !isLast; ) {
    const header = await exactly(reader, BLOCK_HEADER_BYTES);
    const number = header.readUIntLE(0, BLOCK_HEADER_BYTES);
    isLast = (number & 1) !== 0;
    yield Buffer.concat([header, await exactly(reader, storedBytes((number >> 1) & 3, number >> 3))]);
  }
  if (flags & 0x04) yield await exactly(reader, CHECKSUM_BYTES);
}

/** Window descriptor, dictionary id and content size, as the flags say they are there. */
function headerRestBytes(flags: number): number {
  const window = isSingleSegment(flags) ? 0 : 1;
  return window + (DICTIONARY_ID_BYTES[flags & 3] ?? 0) + contentSizeBytes(flags);
}

function contentSizeBytes(flags: number): number {
  return flags >> 6 === 0 && isSingleSegment(flags) ? 1 : (CONTENT_SIZE_BYTES[flags >> 6] ?? 0);
}

function isSingleSegment(flags: number): boolean {
  return (flags & 0x20) !== 0;
}

function checkWindow(flags: number, rest: Buffer): void {
  if (windowBytes(flags, rest) > MAX_WINDOW_BYTES) throw new ZstdWindowError('the window is too large');
}

/** A frame of a single segment has its content as window. */
function windowBytes(flags: number, rest: Buffer): number {
  if (!isSingleSegment(flags)) {
    const descriptor = rest[0] ?? 0;
    return 2 ** (10 + (descriptor >> 3)) * (1 + (descriptor & 7) / 8);
  }
  const bytes = contentSizeBytes(flags);
  const at = rest.length - bytes;
  return bytes === 8 ? Number(rest.readBigUInt64LE(at)) : rest.readUIntLE(at, bytes);
}

function storedBytes(type: number, size: number): number {
  if (type === 3 || (type === 2 && size > MAX_BLOCK_BYTES)) throw new ZstdFrameError('no block');
  return type === 1 ? 1 : size;
}

async function exactly(reader: ByteReader, size: number): Promise<Buffer> {
  const bytes = await reader.read(size);
  if (bytes.length < size) throw new ZstdFrameError('cut short');
  return bytes;
}
