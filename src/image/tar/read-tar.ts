/**
 * Reads any tar archive as a stream: v7, ustar, star, GNU (long names, base 256, sparse files) and PAX. Memory is
 * bounded whatever the archive says. It must not know layers, whiteouts or the disk: entries come out as written,
 * and who unpacks them confines their paths. What surprises: global PAX headers are checked and then ignored, as
 * Go's archive/tar does, with which BuildKit and containerd read.
 */
import { ByteReader } from './byte-reader.ts';
import { decodeHeader, isZeroBlock, type RawHeader } from './decode-header.ts';
import { EntryBody } from './entry-body.ts';
import { decodePaxRecords, type PaxRecord } from './pax-records.ts';
import { readSparseMap } from './read-sparse-map.ts';
import { resolveEntry } from './resolve-entry.ts';
import type { TarEntry } from './tar-entry.ts';
import { type TarSubject, tarError } from './tar-error.ts';
import { BLOCK_BYTES, paddedSize } from './tar-header.ts';

/** Of a PAX header or a GNU long name. */
const MAX_METADATA_BYTES = 1024 * 1024;

/** What the members before the next real one say about it. */
interface Pending {
  readonly records: readonly PaxRecord[];
  readonly path?: string;
  readonly linkTarget?: string;
}

const NOTHING_PENDING: Pending = { records: [] };

/**
 * The members of an archive in order. Each entry is the current one until the next is asked for. The source is read
 * to its end, also behind the archive's end, so that digests checked there are checked; leaving the loop early
 * closes it.
 *
 * @throws KnownError ARCHIVE_INVALID or LAYER_CORRUPT (`subject.errorCode`) for what is damaged, cut short, or no
 *   tar.
 */
export async function* readTar(source: AsyncIterable<Buffer>, subject: TarSubject = {}): AsyncGenerator<TarEntry> {
  const reader = new ByteReader(source);
  try {
    let pending = NOTHING_PENDING;
    for (;;) {
      const block = reader.takeBuffered(BLOCK_BYTES) ?? (await readBlock(reader, subject));
      if (!block || (isZeroBlock(block) && (await endsHere(reader, subject)))) break;
      const raw = decodeHeader(block);
      if (!raw) throw tarError(subject, 'a member has a header with a wrong checksum or number');
      const metadata = await readMetadata(reader, { raw, pending, subject });
      if (metadata) {
        pending = metadata;
        continue;
      }
      const { entry, body } = await openEntry(reader, { raw, block, pending, subject });
      pending = NOTHING_PENDING;
      if (entry) yield entry;
      if (!body.finishBuffered()) await body.finish();
    }
    if (pending !== NOTHING_PENDING) throw tarError(subject, 'it ends before the member that a PAX header is for');
    await reader.drain();
  } finally {
    await reader.close();
  }
}

/** The next header; undefined at the end of the archive, which is two empty blocks or simply the end of the stream. */
async function readBlock(reader: ByteReader, subject: TarSubject): Promise<Buffer | undefined> {
  const block = await reader.read(BLOCK_BYTES);
  if (block.length === 0) return undefined;
  if (block.length < BLOCK_BYTES) throw tarError(subject, 'it ends within a header');
  return block;
}

/** Go's reader, and so containerd's, refuses what follows a lone empty block; silently leaving it out would differ. */
async function endsHere(reader: ByteReader, subject: TarSubject): Promise<true> {
  const second = await readBlock(reader, subject);
  if (second && !isZeroBlock(second)) throw tarError(subject, 'there is an empty block between members');
  return true;
}

interface At {
  readonly raw: RawHeader;
  readonly pending: Pending;
  readonly subject: TarSubject;
}

/** What is pending after a member that only describes the next one; undefined when `raw` is a member itself. */
async function readMetadata(reader: ByteReader, { raw, pending, subject }: At): Promise<Pending | undefined> {
  switch (raw.flag) {
    case 'x':
    case 'X':
      return { ...pending, records: await readRecords(reader, raw, subject) };
    case 'g':
      await readRecords(reader, raw, subject);
      return pending;
    case 'L':
      return { ...pending, path: await readLongName(reader, raw, subject) };
    case 'K':
      return { ...pending, linkTarget: await readLongName(reader, raw, subject) };
    default:
      return undefined;
  }
}

async function readRecords(reader: ByteReader, raw: RawHeader, subject: TarSubject): Promise<PaxRecord[]> {
  const records = decodePaxRecords(await readMetadataBytes(reader, raw, subject));
  if (!records) throw tarError(subject, 'a PAX header is malformed');
  return records;
}

async function readLongName(reader: ByteReader, raw: RawHeader, subject: TarSubject): Promise<string> {
  const bytes = await readMetadataBytes(reader, raw, subject);
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

async function readMetadataBytes(reader: ByteReader, raw: RawHeader, subject: TarSubject): Promise<Buffer> {
  if (raw.size > MAX_METADATA_BYTES) throw tarError(subject, `a PAX header or long name has ${raw.size} bytes`);
  const bytes = await reader.read(paddedSize(raw.size));
  if (bytes.length < paddedSize(raw.size)) throw tarError(subject, 'it ends within a PAX header or long name');
  return bytes.subarray(0, raw.size);
}

interface Opened {
  /** undefined for a member that is no file (a volume's label). */
  readonly entry: TarEntry | undefined;
  readonly body: EntryBody;
}

async function openEntry(reader: ByteReader, at: At & { readonly block: Buffer }): Promise<Opened> {
  const { subject, raw, block, pending } = at;
  const resolved = resolveEntry(raw, pending, subject);
  const { storedBytes } = resolved;
  const isRegular = resolved.header.type === 'file';
  const sparse = isRegular ? await readSparseMap(reader, { block, storedBytes, pending, subject }) : undefined;
  const body = new EntryBody(reader, sparse?.storedBytes ?? storedBytes, {
    sparse: sparse?.map,
    truncated: () => tarError(subject, `it ends within "${resolved.header.path}"`),
  });
  const header = sparse
    ? { ...resolved.header, path: sparse.path ?? resolved.header.path, size: sparse.map.size }
    : resolved.header;
  const entry = { ...header, body, takeBuffered: () => body.takeBuffered() };
  return { entry: resolved.isFile ? entry : undefined, body };
}
