import type { RawHeader } from './decode-header.ts';
import { type PaxRecord, parsePaxTime } from './pax-records.ts';
import { parseDecimal } from './sparse-map.ts';
import { type TarSubject, tarError } from './tar-error.ts';
import type { TarEntryType, TarHeader } from './tar-header.ts';

export interface ResolvedEntry {
  readonly header: TarHeader;
  /** Bytes of content that follow in the archive. */
  readonly storedBytes: number;
  /** False for members that stand for no file. */
  readonly isFile: boolean;
}

interface Corrections {
  readonly records: readonly PaxRecord[];
  readonly path?: string;
  readonly linkTarget?: string;
}

const XATTR_PREFIX = 'SCHILY.xattr.';
const VOLUME_LABEL = 'V';
const TYPES: Readonly<Record<string, TarEntryType>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  S: 'file',
  [VOLUME_LABEL]: 'file',
  '1': 'link',
  '2': 'symlink',
  '3': 'char',
  '4': 'block',
  '5': 'directory',
  D: 'directory',
  '6': 'fifo',
};
/** Members of these types have no content, whatever their size field says. */
const HEADER_ONLY = /^[1-6]$/;

/**
 * A member with everything applied that was said about it before: PAX records go over GNU names, those over the
 * block.
 */
export function resolveEntry(raw: RawHeader, pending: Corrections, subject: TarSubject): ResolvedEntry {
  const records = lastValues(pending.records);
  const path = textOf(records, 'path') ?? pending.path ?? raw.path;
  const invalid = (problem: string) => tarError(subject, `"${path}" ${problem}`);
  const type = typeOf(raw, path);
  if (!type) throw invalid(`has the unknown type ${JSON.stringify(raw.flag)}`);
  const number = (key: string, fallback: number) => numberOf(records, key) ?? fallback;
  const size = HEADER_ONLY.test(raw.flag) ? 0 : number('size', raw.size);
  const mtimeNs = timeOf(records) ?? BigInt(raw.mtimeSeconds) * 1_000_000_000n;
  const uid = asId(number('uid', raw.uid));
  const gid = asId(number('gid', raw.gid));
  if (uid === undefined || gid === undefined || size < 0) throw invalid('has an owner or size out of range');
  const linkTarget = textOf(records, 'linkpath') ?? pending.linkTarget ?? raw.linkTarget;
  const isLink = type === 'link' || type === 'symlink';
  if (path.includes('\0') || linkTarget.includes('\0')) throw invalid('has a NUL in a name');
  if (isLink && linkTarget === '') throw invalid('is a link to nothing');
  const xattrs = xattrsOf(records);
  const header = {
    path,
    type,
    mode: raw.mode & 0o7777,
    uid,
    gid,
    size: type === 'file' ? size : 0,
    mtimeNs,
    ...(isLink && { linkTarget }),
    ...((type === 'char' || type === 'block') && { rdev: { major: raw.major, minor: raw.minor } }),
    ...(xattrs && { xattrs }),
  };
  return { header, storedBytes: size, isFile: raw.flag !== VOLUME_LABEL };
}

/** Formats older than ustar have no type for directories. */
function typeOf(raw: RawHeader, path: string): TarEntryType | undefined {
  const type = TYPES[raw.flag];
  return type === 'file' && path.endsWith('/') && (raw.flag === '\0' || raw.flag === '0') ? 'directory' : type;
}

function lastValues(records: readonly PaxRecord[]): ReadonlyMap<string, Buffer> | undefined {
  return records.length === 0 ? undefined : new Map(records.map(({ key, value }) => [key, value]));
}

/** An empty value takes back what was said. */
function textOf(records: ReadonlyMap<string, Buffer> | undefined, key: string): string | undefined {
  return records?.get(key)?.toString('utf8') || undefined;
}

/** -1 stands for what is no number. */
function numberOf(records: ReadonlyMap<string, Buffer> | undefined, key: string): number | undefined {
  const text = textOf(records, key);
  return text === undefined ? undefined : parseDecimal(text);
}

function timeOf(records: ReadonlyMap<string, Buffer> | undefined): bigint | undefined {
  const text = textOf(records, 'mtime');
  return text === undefined ? undefined : parsePaxTime(text);
}

function xattrsOf(records: ReadonlyMap<string, Buffer> | undefined): ReadonlyMap<string, Buffer> | undefined {
  if (!records) return undefined;
  const xattrs = [...records]
    .filter(([key]) => key.startsWith(XATTR_PREFIX))
    .map(([key, value]) => [key.slice(XATTR_PREFIX.length), value] as const);
  return xattrs.length > 0 ? new Map(xattrs) : undefined;
}

/** Ids are 32 bits; some systems write -2 for nobody. */
function asId(id: number): number | undefined {
  const unsigned = id < 0 ? id + 2 ** 32 : id;
  return unsigned >= 0 && unsigned < 2 ** 32 ? unsigned : undefined;
}
