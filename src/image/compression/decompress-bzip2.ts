import { ByteReader } from '../tar/byte-reader.ts';
import { Bzip2Bits, Bzip2Error } from './bzip2-bits.ts';
import { readBzip2Block } from './bzip2-block.ts';
import { bzip2Text } from './bzip2-text.ts';
import { type CompressedSubject, damaged } from './compression-error.ts';

const BLOCK_MAGIC = 0x314159265359;
const END_MAGIC = 0x177245385090;
const STREAM_MAGIC = 0x425a68;
/** No block is longer than its 900,000 symbols at 20 bits each and its tables. */
const MAX_BLOCK_BYTES = 2.5 * 1024 * 1024;

/** bzip2 streams, one or several. Holds one block, about 7 MB. */
export async function* decompressBzip2(
  source: AsyncIterable<Buffer>,
  subject: CompressedSubject,
): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source);
  try {
    let window = await reader.read(MAX_BLOCK_BYTES);
    let maxBytes = 0;
    let start = 0;
    while (maxBytes > 0 || window.length > 0) {
      const bits = new Bzip2Bits(window);
      bits.position = start;
      if (maxBytes === 0) maxBytes = readStreamHeader(bits);
      const magic = bits.read48();
      if (magic === BLOCK_MAGIC) yield* bzip2Text(readBzip2Block(bits, maxBytes));
      else if (magic === END_MAGIC) maxBytes = readStreamEnd(bits);
      else throw new Bzip2Error('no block');
      start = bits.position % 8;
      const rest = window.subarray(Math.floor(bits.position / 8));
      window = Buffer.concat([rest, await reader.read(MAX_BLOCK_BYTES - rest.length)]);
    }
  } catch (error) {
    throw error instanceof Bzip2Error ? damaged(subject, 'bzip2', error) : error;
  } finally {
    await reader.close();
  }
}

/** How many bytes a block of this stream may have: `BZh` and a digit. */
function readStreamHeader(bits: Bzip2Bits): number {
  const magic = bits.read(24);
  const level = bits.read(8) - '0'.charCodeAt(0);
  if (magic !== STREAM_MAGIC || level < 1 || level > 9) throw new Bzip2Error('no stream');
  return level * 100_000;
}

/** 0: no stream is open. Its checksum is that of the blocks', which were checked. */
function readStreamEnd(bits: Bzip2Bits): number {
  bits.read32();
  bits.align();
  return 0;
}
