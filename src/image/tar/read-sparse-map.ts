import type { ByteReader } from './byte-reader.ts';
import type { PaxRecord } from './pax-records.ts';
import {
  checkSparseMap,
  MAX_SPARSE_RUNS,
  parseDecimal,
  readOldGnuBlock,
  readOldGnuHeader,
  runsOfNumbers,
  type SparseMap,
  type SparseRun,
} from './sparse-map.ts';
import { type TarSubject, tarError } from './tar-error.ts';
import { BLOCK_BYTES } from './tar-header.ts';

interface SparseMember {
  readonly block: Buffer;
  readonly storedBytes: number;
  readonly pending: { readonly records: readonly PaxRecord[] };
  readonly subject: TarSubject;
}

interface SparseFile {
  readonly map: SparseMap;
  /** Bytes of content that follow now: the map itself is read. */
  readonly storedBytes: number;
  /** The name of the file, where the header's is a made-up one. */
  readonly path?: string | undefined;
}

/**
 * The map of a sparse file, in any of GNU's four forms; undefined for any other member. GNU tar manual, "Storing
 * Sparse Files".
 *
 * @throws KnownError when the map does not fit what is stored.
 */
export async function readSparseMap(reader: ByteReader, member: SparseMember): Promise<SparseFile | undefined> {
  const { records } = member.pending;
  const isOld = member.block[156] === 'S'.charCodeAt(0);
  if (!isOld && records.length === 0) return undefined;
  const file = isOld ? await readOldGnu(reader, member) : await readPax(reader, member);
  if (!file) return undefined;
  const map = checkSparseMap(file.map, file.storedBytes);
  if (!map) throw tarError(member.subject, 'the map of a sparse file is malformed');
  return { ...file, map };
}

async function readOldGnu(reader: ByteReader, member: SparseMember): Promise<SparseFile> {
  const header = readOldGnuHeader(member.block);
  const runs = header.runs;
  for (let { isExtended } = header; isExtended; ) {
    const block = await reader.read(BLOCK_BYTES);
    if (block.length < BLOCK_BYTES || runs.length > MAX_SPARSE_RUNS) throw tooLong(member.subject);
    const more = readOldGnuBlock(block);
    runs.push(...more.runs);
    isExtended = more.isExtended;
  }
  return { map: { runs, size: header.size ?? -1 }, storedBytes: member.storedBytes };
}

async function readPax(reader: ByteReader, member: SparseMember): Promise<SparseFile | undefined> {
  const { records } = member.pending;
  const last = (key: string) => records.findLast((record) => record.key === `GNU.sparse.${key}`)?.value.toString();
  const size = parseDecimal(last('realsize') ?? last('size'));
  const path = last('name');
  if (last('major') === '1' && last('minor') === '0') {
    const { runs, mapBytes } = await readLeadingMap(reader, member);
    return { map: { runs, size }, storedBytes: member.storedBytes - mapBytes, path };
  }
  const numbers = last('map')?.split(',') ?? repeatedNumbers(records);
  if (numbers.length === 0 && last('numblocks') === undefined) return undefined;
  const runs = runsOfNumbers(numbers.filter((number) => number !== ''));
  return { map: { runs, size }, storedBytes: member.storedBytes, path };
}

/** Format 0.0: the same two keys again and again. */
function repeatedNumbers(records: readonly PaxRecord[]): string[] {
  return records
    .filter(({ key }) => key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes')
    .map(({ value }) => value.toString());
}

/**
 * Format 1.0: lines of decimals before the content: how many runs, then offset and length of each, padded to a
 * block.
 */
async function readLeadingMap(
  reader: ByteReader,
  member: SparseMember,
): Promise<{ readonly runs: SparseRun[]; readonly mapBytes: number }> {
  const lines: string[] = [];
  let wanted = 1;
  let mapBytes = 0;
  for (let rest = ''; lines.length < wanted; mapBytes += BLOCK_BYTES) {
    const block = mapBytes < member.storedBytes ? await reader.read(BLOCK_BYTES) : Buffer.alloc(0);
    if (block.length < BLOCK_BYTES) throw tooLong(member.subject);
    const text = (rest + block.toString('latin1')).split('\n');
    rest = text.pop() ?? '';
    for (const line of text) lines.push(line);
    const count = parseDecimal(lines[0]);
    if (count > MAX_SPARSE_RUNS || (lines.length > 0 && count < 0) || rest.length > BLOCK_BYTES)
      throw tooLong(member.subject);
    if (lines.length > 0) wanted = 1 + 2 * count;
  }
  return { runs: runsOfNumbers(lines.slice(1, wanted)), mapBytes };
}

function tooLong(subject: TarSubject): Error {
  return tarError(subject, 'the map of a sparse file is cut short or too long');
}
