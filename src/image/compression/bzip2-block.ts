import { type Bzip2Bits, Bzip2Error } from './bzip2-bits.ts';

const MAX_CODE_BITS = 20;
const GROUP_SYMBOLS = 50;
const RUN_A = 0;
const RUN_B = 1;

/** A block before its last step, the inverse of the Burrows-Wheeler transform. */
export interface Bzip2Block {
  readonly checksum: number;
  /** Where the original text starts. */
  readonly origin: number;
  /** The transformed bytes, one an element, with room for the inverse's links above them. */
  readonly bytes: Uint32Array;
}

/** Reads a block after its magic; `maxBytes` is what the stream's header allows. */
export function readBzip2Block(bits: Bzip2Bits, maxBytes: number): Bzip2Block {
  const checksum = bits.read32();
  // Unused since 1996; Go's reader refuses it too.
  if (bits.readFlag()) throw new Bzip2Error('a randomised block');
  const origin = bits.read(24);
  const used = readUsedBytes(bits);
  const tableCount = bits.read(3);
  if (used.length === 0 || tableCount < 2 || tableCount > 6) throw new Bzip2Error('no block');
  const selectors = readSelectors(bits, tableCount);
  const tables = Array.from({ length: tableCount }, () => readTable(bits, used.length + 2));
  const bytes = readBytes(bits, { used, selectors, tables, maxBytes });
  if (origin >= bytes.length) throw new Bzip2Error('no origin');
  return { checksum, origin, bytes };
}

/** Byte values that occur, ascending. */
function readUsedBytes(bits: Bzip2Bits): number[] {
  const rows = bits.read(16);
  const used: number[] = [];
  for (let row = 0; row < 16; row++) {
    if (!(rows & (0x8000 >> row))) continue;
    const columns = bits.read(16);
    for (let column = 0; column < 16; column++) if (columns & (0x8000 >> column)) used.push(row * 16 + column);
  }
  return used;
}

/** Which table each group of 50 symbols has, coded by moving to the front. */
function readSelectors(bits: Bzip2Bits, tableCount: number): Uint8Array {
  const selectors = new Uint8Array(bits.read(15));
  if (selectors.length === 0) throw new Bzip2Error('no selectors');
  const recent = Array.from({ length: tableCount }, (_, index) => index);
  for (let i = 0; i < selectors.length; i++) {
    let depth = 0;
    while (bits.readFlag()) if (++depth >= tableCount) throw new Bzip2Error('no selector');
    const [table = 0] = recent.splice(depth, 1);
    recent.unshift(table);
    selectors[i] = table;
  }
  return selectors;
}

/**
 * A canonical Huffman code, in the form that is decoded bit by bit: for each length the largest code and where its
 * symbols start.
 */
interface HuffmanTable {
  readonly minBits: number;
  readonly limit: Int32Array;
  readonly base: Int32Array;
  readonly symbols: Uint16Array;
}

function readTable(bits: Bzip2Bits, symbolCount: number): HuffmanTable {
  const lengths = new Uint8Array(symbolCount);
  let length = bits.read(5);
  for (let i = 0; i < symbolCount; i++) {
    for (;;) {
      if (length < 1 || length > MAX_CODE_BITS) throw new Bzip2Error('no code length');
      if (!bits.readFlag()) break;
      length += bits.readFlag() ? -1 : 1;
    }
    lengths[i] = length;
  }
  return huffmanTable(lengths);
}

function huffmanTable(lengths: Uint8Array): HuffmanTable {
  const counts = new Int32Array(MAX_CODE_BITS + 1);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  const limit = new Int32Array(MAX_CODE_BITS + 1).fill(-1);
  const base = new Int32Array(MAX_CODE_BITS + 1);
  const start = new Int32Array(MAX_CODE_BITS + 2);
  let code = 0;
  for (let length = 1; length <= MAX_CODE_BITS; length++) {
    const count = counts[length] ?? 0;
    base[length] = code - (start[length] ?? 0);
    code += count;
    if (code > 2 ** length) throw new Bzip2Error('too many codes');
    if (count > 0) limit[length] = code - 1;
    start[length + 1] = (start[length] ?? 0) + count;
    code *= 2;
  }
  const symbols = new Uint16Array(lengths.length);
  for (let i = 0; i < lengths.length; i++) {
    const length = lengths[i] ?? 0;
    const at = start[length] ?? 0;
    symbols[at] = i;
    start[length] = at + 1;
  }
  return { minBits: lengths.reduce((a, b) => Math.min(a, b), MAX_CODE_BITS), limit, base, symbols };
}

function decodeSymbol(bits: Bzip2Bits, { minBits, limit, base, symbols }: HuffmanTable): number {
  let code = bits.read(minBits);
  for (let length = minBits; length <= MAX_CODE_BITS; length++) {
    if (code <= (limit[length] ?? -1)) return symbols[code - (base[length] ?? 0)] ?? 0;
    if (length < MAX_CODE_BITS) code = (code << 1) | bits.read(1);
  }
  throw new Bzip2Error('no code');
}

interface Coding {
  readonly used: readonly number[];
  readonly selectors: Uint8Array;
  readonly tables: readonly HuffmanTable[];
  readonly maxBytes: number;
}

/** Huffman codes, runs of the most recent byte, and bytes named by how recent they are. */
function readBytes(bits: Bzip2Bits, { used, selectors, tables, maxBytes }: Coding): Uint32Array {
  const bytes = new Uint32Array(maxBytes);
  const recent = Uint8Array.from(used);
  const end = used.length + 1;
  let count = 0;
  let run = 0;
  let runBit = 1;
  for (let read = 0; ; read++) {
    const table = tables[selectors[Math.floor(read / GROUP_SYMBOLS)] ?? tables.length];
    if (!table) throw new Bzip2Error('too few selectors');
    const symbol = decodeSymbol(bits, table);
    if (symbol === RUN_A || symbol === RUN_B) {
      run += runBit << symbol;
      runBit *= 2;
      if (run > maxBytes) throw new Bzip2Error('a run beyond the block');
      continue;
    }
    if (count + run + (symbol === end ? 0 : 1) > maxBytes) throw new Bzip2Error('too many bytes');
    bytes.fill(recent[0] ?? 0, count, count + run);
    count += run;
    run = 0;
    runBit = 1;
    if (symbol === end) return bytes.subarray(0, count);
    const byte = recent[symbol - 1] ?? 0;
    recent.copyWithin(1, 0, symbol - 1);
    recent[0] = byte;
    bytes[count++] = byte;
  }
}
