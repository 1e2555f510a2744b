import { BLOCK_BYTES } from './tar-header.ts';

/** What a header block says, before PAX records and GNU's long names correct it. Names are bytes of the block. */
export interface RawHeader {
  readonly flag: string;
  readonly path: string;
  readonly linkTarget: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtimeSeconds: number;
  readonly major: number;
  readonly minor: number;
}

const ZERO_BLOCK = Buffer.alloc(BLOCK_BYTES);
const CHECKSUM_START = 148;
const CHECKSUM_END = 156;

export function isZeroBlock(block: Buffer): boolean {
  return block[0] === 0 && block.equals(ZERO_BLOCK);
}

/** undefined when the block is no header: its checksum is wrong or a number cannot be read. */
export function decodeHeader(block: Buffer): RawHeader | undefined {
  if (!hasChecksum(block)) return undefined;
  const isGnu = block.toString('latin1', 257, 265) === 'ustar  \0';
  const isUstar = block.toString('latin1', 257, 263) === 'ustar\0';
  const numbers = {
    mode: readNumber(block, 100, 8),
    uid: readNumber(block, 108, 8),
    gid: readNumber(block, 116, 8),
    size: readNumber(block, 124, 12),
    mtimeSeconds: readNumber(block, 136, 12),
    // Old formats have whatever was there in memory where the device numbers are now.
    major: isGnu || isUstar ? readNumber(block, 329, 8) : 0,
    minor: isGnu || isUstar ? readNumber(block, 337, 8) : 0,
  };
  if (!allReadable(numbers) || numbers.size < 0) return undefined;
  const name = readText(block, 0, 100);
  const prefix = isUstar ? readText(block, 345, prefixBytes(block)) : '';
  return {
    flag: block.toString('latin1', 156, 157),
    path: prefix ? `${prefix}/${name}` : name,
    linkTarget: readText(block, 157, 100),
    ...numbers,
  };
}

type Readable<T> = { [Key in keyof T]: number };

function allReadable<T extends Readonly<Record<string, number | undefined>>>(numbers: T): numbers is T & Readable<T> {
  return Object.values(numbers).every((number) => number !== undefined);
}

/** star keeps access times in the last bytes of the prefix and says so at the end of the block. */
function prefixBytes(block: Buffer): number {
  return block.toString('latin1', 508, 512) === 'tar\0' ? 131 : 155;
}

/** Some old writers summed signed bytes. */
function hasChecksum(block: Buffer): boolean {
  const expected = readNumber(block, CHECKSUM_START, CHECKSUM_END - CHECKSUM_START);
  let unsigned = 0;
  let signed = 0;
  for (let i = 0; i < BLOCK_BYTES; i++) {
    const byte = i >= CHECKSUM_START && i < CHECKSUM_END ? 0x20 : (block[i] ?? 0);
    unsigned += byte;
    signed += byte < 0x80 ? byte : byte - 0x100;
  }
  return expected === unsigned || expected === signed;
}

/** Text up to the first NUL. */
export function readText(block: Buffer, offset: number, length: number): string {
  const end = block.indexOf(0, offset);
  const stop = end < 0 || end > offset + length ? offset + length : end;
  return block.toString('utf8', offset, stop);
}

/**
 * Octal text with blanks or NULs around, or GNU's base 256 (the first bit set, big-endian, two's complement). An empty
 * field is 0. undefined when it is neither or beyond 2^53.
 */
export function readNumber(block: Buffer, offset: number, length: number): number | undefined {
  if ((block[offset] ?? 0) & 0x80) return readBase256(block, offset, length);
  let at = offset;
  const end = offset + length;
  while (at < end && isBlank(block[at])) at++;
  let value = 0;
  for (; at < end && !isBlank(block[at]); at++) {
    const digit = (block[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 7) return undefined;
    value = value * 8 + digit;
  }
  return value;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0;
}

function readBase256(block: Buffer, offset: number, length: number): number | undefined {
  const isNegative = ((block[offset] ?? 0) & 0x40) !== 0;
  let value = BigInt((block[offset] ?? 0) & 0x7f);
  for (let i = 1; i < length; i++) value = (value << 8n) | BigInt(block[offset + i] ?? 0);
  if (isNegative) value -= 1n << BigInt(8 * length - 1);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}
