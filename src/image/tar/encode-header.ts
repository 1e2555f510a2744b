/**
 * Writes tar headers, purely: header, content, padding, end are the caller's to put one after the other. Headers
 * are those of Go's archive/tar in PAX format, byte for byte, because BuildKit and containerd write layers with it
 * and equal layers should have equal diff ids: plain ustar where it can say everything, records only where it
 * cannot, no user and group names, no times but mtime. It must not know layers or whiteouts. What surprises: one
 * value that ustar cannot hold makes a record of every other long value too, even of a path that the prefix field
 * could have split.
 */
import { posix } from 'node:path';
import { encodePaxRecords, formatPaxTime, type PaxRecord } from './pax-records.ts';
import { BLOCK_BYTES, paddedSize, type TarEntryType, type TarHeader } from './tar-header.ts';

const TYPE_FLAG: Readonly<Record<TarEntryType, string>> = {
  file: '0',
  link: '1',
  symlink: '2',
  char: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};
const PAX_TYPE_FLAG = 'x';
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;
/** What 7 and 11 octal digits hold. */
const MAX_SHORT = 0o7777777;
const MAX_LONG = 0o77777777777;
const NS_PER_S = 1_000_000_000n;
const ZEROS = Buffer.alloc(BLOCK_BYTES);
const XATTR_PREFIX = 'SCHILY.xattr.';

/** Two empty blocks: what ends an archive. */
export const TAR_END: Buffer = Buffer.alloc(2 * BLOCK_BYTES);

/** Zeros between a content of `size` bytes and the next header; maybe none. Do not change the result. */
export function tarPadding(size: number): Buffer {
  return ZEROS.subarray(0, paddedSize(size) - size);
}

/**
 * The header of a member, with its PAX header before it when one is needed: a multiple of 512 bytes. Equal headers
 * give equal bytes. A directory's path gets its trailing slash; nanoseconds are written when there are any (BuildKit
 * has none in layers). Throws a plain error for what no tar can say: a NUL in a name, a negative size.
 */
export function tarHeader(header: TarHeader): Buffer {
  const path = header.type === 'directory' && !header.path.endsWith('/') ? `${header.path}/` : header.path;
  rejectUnsayable(header, path);
  const seconds = floorSeconds(header.mtimeNs);
  const split = splitPath(path);
  const needsPax = !split || needsRecords(header, seconds);
  if (!needsPax) return encodeBlock(header, split.name, split.prefix, seconds);
  const records = encodePaxRecords(paxRecords(header, path, seconds));
  return Buffer.concat([
    encodeBlock(paxHeaderFor(records.length), paxHeaderName(path), '', 0, PAX_TYPE_FLAG),
    records,
    tarPadding(records.length),
    encodeBlock(header, cutName(ascii(path)), '', seconds),
  ]);
}

function rejectUnsayable(header: TarHeader, path: string): void {
  if (path.includes('\0') || header.linkTarget?.includes('\0')) throw new Error('a name with a NUL cannot be archived');
  for (const number of [header.size, header.uid, header.gid]) {
    if (!Number.isSafeInteger(number) || number < 0) throw new Error(`${number} cannot be archived for ${path}`);
  }
  for (const name of header.xattrs?.keys() ?? []) {
    if (name.includes('=')) throw new Error(`the extended attribute ${name} cannot be archived for ${path}`);
  }
  const { major = 0, minor = 0 } = header.rdev ?? {};
  if (!(major >= 0 && major <= MAX_SHORT && minor >= 0 && minor <= MAX_SHORT)) {
    throw new Error(`device ${major}:${minor} cannot be archived for ${path}`);
  }
}

/** Everything but the path, which may be long and still fit. */
function needsRecords(header: TarHeader, seconds: number): boolean {
  const { linkTarget = '' } = header;
  return (
    header.uid > MAX_SHORT ||
    header.gid > MAX_SHORT ||
    header.size > MAX_LONG ||
    seconds < 0 ||
    seconds > MAX_LONG ||
    header.mtimeNs !== BigInt(seconds) * NS_PER_S ||
    linkTarget.length > NAME_BYTES ||
    !isAscii(linkTarget) ||
    (header.xattrs?.size ?? 0) > 0
  );
}

function paxRecords(header: TarHeader, path: string, seconds: number): PaxRecord[] {
  const { linkTarget = '' } = header;
  const records: PaxRecord[] = [];
  const add = (key: string, value: string | number) => records.push({ key, value: Buffer.from(String(value)) });
  if (header.gid > MAX_SHORT) add('gid', header.gid);
  if (header.uid > MAX_SHORT) add('uid', header.uid);
  if (header.size > MAX_LONG) add('size', header.size);
  if (tooLong(linkTarget)) add('linkpath', linkTarget);
  if (tooLong(path)) add('path', path);
  if (seconds < 0 || seconds > MAX_LONG || header.mtimeNs % NS_PER_S !== 0n)
    add('mtime', formatPaxTime(header.mtimeNs));
  for (const [name, value] of header.xattrs ?? []) records.push({ key: XATTR_PREFIX + name, value });
  return records.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

function tooLong(name: string): boolean {
  return name.length > NAME_BYTES || !isAscii(name);
}

/** How ustar holds a path, or undefined when it cannot. */
function splitPath(path: string): { readonly name: string; readonly prefix: string } | undefined {
  if (!isAscii(path)) return undefined;
  if (path.length <= NAME_BYTES) return { name: path, prefix: '' };
  const end = path.length > PREFIX_BYTES + 1 ? PREFIX_BYTES + 1 : path.length - (path.endsWith('/') ? 1 : 0);
  const slash = path.lastIndexOf('/', end - 1);
  const nameLength = path.length - slash - 1;
  if (slash <= 0 || nameLength > NAME_BYTES || nameLength === 0) return undefined;
  return { name: path.slice(slash + 1), prefix: path.slice(0, slash) };
}

function paxHeaderFor(size: number): TarHeader {
  return { path: '', type: 'file', mode: 0, uid: 0, gid: 0, size, mtimeNs: 0n };
}

/** Beside the member, in a folder that no reader makes. */
function paxHeaderName(path: string): string {
  const slash = path.lastIndexOf('/') + 1;
  const name = ascii(posix.join(path.slice(0, slash), 'PaxHeaders.0', path.slice(slash)));
  return name.slice(0, NAME_BYTES).replace(/\/+$/, '');
}

/** Old readers take a name that was cut after a slash for a directory's. */
function cutName(name: string): string {
  if (name.length <= NAME_BYTES) return name;
  const cut = name.slice(0, NAME_BYTES);
  return cut.endsWith('/') ? cut.replace(/\/+$/, '') : cut;
}

function encodeBlock(header: TarHeader, name: string, prefix: string, seconds: number, flag?: string): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.write(name, 0, NAME_BYTES, 'latin1');
  writeOctal(block, 100, 7, header.mode & 0o7777);
  writeOctal(block, 108, 7, header.uid);
  writeOctal(block, 116, 7, header.gid);
  writeOctal(block, 124, 11, header.size);
  writeOctal(block, 136, 11, seconds);
  block.write(flag ?? TYPE_FLAG[header.type], 156, 1, 'latin1');
  if (header.linkTarget) block.write(ascii(header.linkTarget), 157, NAME_BYTES, 'latin1');
  block.write('ustar\x0000', 257, 8, 'latin1');
  if (flag === undefined) {
    writeOctal(block, 329, 7, header.rdev?.major ?? 0);
    writeOctal(block, 337, 7, header.rdev?.minor ?? 0);
  }
  if (prefix) block.write(prefix, 345, PREFIX_BYTES, 'latin1');
  writeChecksum(block);
  return block;
}

/** Zero when it does not fit: a record says the value then. */
function writeOctal(block: Buffer, offset: number, digits: number, value: number): void {
  let rest = value < 0 || value >= 8 ** digits ? 0 : value;
  for (let at = offset + digits - 1; at >= offset; at--) {
    block[at] = 0x30 + (rest % 8);
    rest = Math.floor(rest / 8);
  }
}

/** Sum of all bytes, its own field counted as spaces. */
function writeChecksum(block: Buffer): void {
  let sum = 8 * 0x20;
  for (let i = 0; i < BLOCK_BYTES; i++) sum += block[i] ?? 0;
  writeOctal(block, 148, 6, sum);
  block[155] = 0x20;
}

function floorSeconds(timeNs: bigint): number {
  const seconds = timeNs / NS_PER_S;
  return Number(timeNs < 0n && timeNs % NS_PER_S !== 0n ? seconds - 1n : seconds);
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false;
  return true;
}

function ascii(text: string): string {
  return isAscii(text) ? text : text.replace(/[^\u0000-\u007f]/g, '');
}
