import { readNumber } from './decode-header.ts';
import { BLOCK_BYTES } from './tar-header.ts';

/** Where a run of stored bytes lies in the unpacked file. */
export interface SparseRun {
  readonly offset: number;
  readonly length: number;
}

/** A file of which only some runs are stored; everything else is zeros. Offsets ascend and nothing overlaps. */
export interface SparseMap {
  readonly runs: readonly SparseRun[];
  /** Size of the unpacked file. */
  readonly size: number;
}

const OLD_GNU_ENTRIES = 386;
const OLD_GNU_EXTENDED = 482;
const OLD_GNU_REAL_SIZE = 483;
const HEADER_ENTRIES = 4;
const BLOCK_ENTRIES = 21;
const ENTRY_BYTES = 24;
/** A map of more runs than this is an attack on memory. */
export const MAX_SPARSE_RUNS = 100_000;
/** A few stored bytes can claim any size; no file of an image or a context is as large as this. */
const MAX_SPARSE_SIZE = 2 ** 40;

/** The runs in a header of GNU's old format, whether more blocks of runs follow, and the real size. */
export function readOldGnuHeader(block: Buffer): { runs: SparseRun[]; isExtended: boolean; size: number | undefined } {
  return {
    runs: readEntries(block, OLD_GNU_ENTRIES, HEADER_ENTRIES),
    isExtended: block[OLD_GNU_EXTENDED] === 1,
    size: readNumber(block, OLD_GNU_REAL_SIZE, 12),
  };
}

/** A block of further runs in GNU's old format. */
export function readOldGnuBlock(block: Buffer): { runs: SparseRun[]; isExtended: boolean } {
  return {
    runs: readEntries(block, 0, BLOCK_ENTRIES),
    isExtended: block[BLOCK_ENTRIES * ENTRY_BYTES] === 1,
  };
}

function readEntries(block: Buffer, start: number, count: number): SparseRun[] {
  const runs: SparseRun[] = [];
  for (let i = 0; i < count; i++) {
    const at = start + i * ENTRY_BYTES;
    if (block[at] === 0) break;
    runs.push({ offset: readNumber(block, at, 12) ?? -1, length: readNumber(block, at + 12, 12) ?? -1 });
  }
  return runs;
}

/** Pairs of decimal numbers (formats 0.0, 0.1 and 1.0 of GNU's PAX sparse files); -1 stands for what is no number. */
export function runsOfNumbers(numbers: readonly string[]): SparseRun[] {
  const runs: SparseRun[] = [];
  for (let i = 0; i < numbers.length; i += 2) {
    runs.push({ offset: parseDecimal(numbers[i]), length: parseDecimal(numbers[i + 1]) });
  }
  return runs;
}

/** -1 when the text is no number that we can count to. */
export function parseDecimal(text: string | undefined): number {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : -1;
}

/** The map if it is sound and names exactly the `storedBytes` that the archive has, else undefined. */
export function checkSparseMap(map: SparseMap, storedBytes: number): SparseMap | undefined {
  if (!(map.size >= 0 && map.size <= MAX_SPARSE_SIZE)) return undefined;
  let end = 0;
  let stored = 0;
  for (const { offset, length } of map.runs) {
    if (offset < end || length < 0) return undefined;
    end = offset + length;
    stored += length;
  }
  return end <= map.size && stored === storedBytes ? map : undefined;
}

const ZEROS = Buffer.alloc(128 * BLOCK_BYTES);

/** The unpacked file, of stored bytes that `readStored` gives piece by piece. */
export async function* expandSparse(
  map: SparseMap,
  readStored: (length: number) => AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  let position = 0;
  for (const { offset, length } of map.runs) {
    yield* zeros(offset - position);
    yield* readStored(length);
    position = offset + length;
  }
  yield* zeros(map.size - position);
}

function* zeros(length: number): Generator<Buffer> {
  for (let left = length; left > 0; left -= ZEROS.length) yield ZEROS.subarray(0, Math.min(left, ZEROS.length));
}
