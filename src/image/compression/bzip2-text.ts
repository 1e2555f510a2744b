import { Bzip2Error } from './bzip2-bits.ts';
import type { Bzip2Block } from './bzip2-block.ts';

const CHUNK_BYTES = 256 * 1024;
/** After this many equal bytes comes a count of further ones. */
const RUN_START = 4;
const CRC_TABLE = crcTable();

/** The original bytes of a block, in chunks; its checksum is checked at the end. */
export function* bzip2Text(block: Bzip2Block): Generator<Buffer> {
  const { bytes } = block;
  linkBytes(bytes);
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let used = 0;
  let checksum = -1;
  let previous = -1;
  let equal = 0;
  let link = (bytes[block.origin] ?? 0) >>> 8;
  for (let i = 0; i < bytes.length; i++) {
    const element = bytes[link] ?? 0;
    const byte = element & 0xff;
    link = element >>> 8;
    const isCount = equal === RUN_START;
    const value = isCount ? previous : byte;
    equal = isCount ? 0 : byte === previous ? equal + 1 : 1;
    previous = isCount ? -1 : byte;
    for (let left = isCount ? byte : 1; left > 0; left--) {
      chunk[used++] = value;
      checksum = (checksum << 8) ^ (CRC_TABLE[((checksum >>> 24) ^ value) & 0xff] ?? 0);
      if (used < CHUNK_BYTES) continue;
      yield chunk;
      chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      used = 0;
    }
  }
  if (~checksum >>> 0 !== block.checksum) throw new Bzip2Error('a wrong checksum');
  if (used > 0) yield chunk.subarray(0, used);
}

/** Puts into the upper 24 bits of each element where the next byte of the text is: the inverse transform. */
function linkBytes(bytes: Uint32Array): void {
  const starts = new Uint32Array(257);
  for (let i = 0; i < bytes.length; i++) {
    const next = (bytes[i] ?? 0) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let value = 1; value < 257; value++) starts[value] = (starts[value] ?? 0) + (starts[value - 1] ?? 0);
  for (let i = 0; i < bytes.length; i++) {
    const value = (bytes[i] ?? 0) & 0xff;
    const at = starts[value] ?? 0;
    starts[value] = at + 1;
    bytes[at] = ((bytes[at] ?? 0) & 0xff) | (i << 8);
  }
}

/** CRC-32 with the bits in the other order than zlib's. */
function crcTable(): Int32Array {
  const table = new Int32Array(256);
  for (let i = 0; i < 256; i++) {
    let value = i << 24;
    for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
    table[i] = value;
  }
  return table;
}
