/**
 * The index of cache mounts in an artifact: which files each mount has, and which pack each content is in. JSON, gzipped; a
 * content is told once, and files name it by its number. Everything in it is hostile until `parseMountsIndex` has read it.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Digest, isDigest } from '../../image/digest.ts';
import { type MountIdentity, parseIdentity } from '../cache/mount-folder.ts';
import { invalid } from './parse-cache-config.ts';

/** Contents above this are cut: a larger file has several. */
export const MOST_CONTENT_BYTES = 16 * 1024 * 1024;
/** Of the compressed index, and of what it unpacks to. */
export const MAX_INDEX_BYTES = 64 * 1024 * 1024;
const MAX_INDEX_JSON_BYTES = 256 * 1024 * 1024;
const MOST_PATH_CHARS = 4096;

export interface MountEntry {
  readonly type: 'file' | 'directory' | 'symlink';
  /** Below the mount, without a leading slash. */
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeNs: bigint;
  /** When it was last used, as far as the disk knows. Milliseconds. */
  readonly usedMs: number;
}

export interface MountFile extends MountEntry {
  readonly type: 'file';
  readonly size: number;
  /** Digests of its contents in order; of an empty file none. */
  readonly contents: readonly Digest[];
}

export interface MountLink extends MountEntry {
  readonly type: 'symlink';
  readonly target: string;
}

export type MountMember = MountFile | MountLink | (MountEntry & { readonly type: 'directory' });

/** The files of one mount, parents before their children. */
export interface MountListing {
  readonly identity: MountIdentity;
  readonly members: readonly MountMember[];
}

/** A blob of contents, each a member of its tar. */
export interface PackListing {
  readonly digest: Digest;
  readonly contents: readonly { readonly digest: Digest; readonly size: number }[];
}

export interface MountsIndex {
  readonly mounts: readonly MountListing[];
  readonly packs: readonly PackListing[];
}

const TYPES: readonly MountEntry['type'][] = ['file', 'directory', 'symlink'];

export function writeMountsIndex({ mounts, packs }: MountsIndex): Buffer {
  const numbers = new Map(packs.flatMap(({ contents }) => contents).map(({ digest }, index) => [digest, index]));
  const json = {
    version: 1,
    packs: packs.map(({ digest, contents }) => [
      digest,
      contents.map((content) => [content.digest.slice(7), content.size]),
    ]),
    mounts: mounts.map(({ identity, members }) => {
      return { identity, members: members.map((member) => memberJson(member, numbers)) };
    }),
  };
  return gzipSync(JSON.stringify(json));
}

function memberJson(member: MountMember, numbers: ReadonlyMap<Digest, number>): readonly unknown[] {
  const { type, path, mode, uid, gid, mtimeNs, usedMs } = member;
  const common = [TYPES.indexOf(type), path, mode, uid, gid, String(mtimeNs), Math.floor(usedMs)];
  if (member.type === 'symlink') return [...common, member.target];
  if (member.type === 'directory') return common;
  return [...common, member.size, member.contents.map((digest) => numbers.get(digest))];
}

/** @throws KnownError CACHE_INVALID */
export function parseMountsIndex(bytes: Uint8Array): MountsIndex {
  const json = parseJson(bytes);
  if (!isObject(json) || json['version'] !== 1) throw invalid('its cache mounts are of another version');
  const { packs, mounts } = json;
  if (!Array.isArray(packs) || !Array.isArray(mounts)) throw invalid('its cache mounts are unreadable');
  const listed = packs.map(parsePack);
  const contents = listed.flatMap((pack) => pack.contents);
  return { packs: listed, mounts: mounts.map((mount) => parseMount(mount, contents)) };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(gunzipSync(bytes, { maxOutputLength: MAX_INDEX_JSON_BYTES }).toString());
  } catch {
    throw invalid('the index of its cache mounts is damaged');
  }
}

function parsePack(value: unknown): PackListing {
  const [digest, contents] = Array.isArray(value) ? value : [];
  if (!isDigest(digest) || !Array.isArray(contents)) throw invalid('a pack of cache mounts has no digest');
  return {
    digest,
    contents: contents.map((content: unknown) => {
      const [hex, size] = Array.isArray(content) ? content : [];
      const each = `sha256:${hex}`;
      if (!isDigest(each) || !isCount(size) || size > MOST_CONTENT_BYTES)
        throw invalid(`the pack ${digest} is unreadable`);
      return { digest: each, size };
    }),
  };
}

type Contents = PackListing['contents'];

function parseMount(value: unknown, contents: Contents): MountListing {
  const identity = isObject(value) ? parseIdentity(value['identity']) : undefined;
  const members = isObject(value) ? value['members'] : undefined;
  if (!identity || !Array.isArray(members)) throw invalid('a cache mount of it has no identity');
  const directories = new Set(['']);
  const paths = new Set<string>();
  return {
    identity,
    members: members.map((json) => {
      const member = parseMember(json, contents);
      const parent = member.path.slice(0, Math.max(0, member.path.lastIndexOf('/')));
      // So that no file is written through a link, and none twice.
      if (!directories.has(parent) || paths.has(member.path))
        throw invalid(`"${member.path}" has no place in its mount`);
      paths.add(member.path);
      if (member.type === 'directory') directories.add(member.path);
      return member;
    }),
  };
}

function parseMember(value: unknown, contents: Contents): MountMember {
  const [kind, path, mode, uid, gid, mtime, usedMs, ...more] = Array.isArray(value) ? value : [];
  const type = TYPES[kind];
  if (!type || !isPath(path) || ![mode, uid, gid, usedMs].every(isCount) || !/^-?\d{1,19}$/.test(String(mtime)))
    throw invalid('a file of a cache mount is unreadable');
  // A store is no place for programs that run as somebody else.
  const entry = { path, mode: mode & 0o1777, uid, gid, mtimeNs: BigInt(mtime), usedMs };
  if (type === 'directory') return { ...entry, type };
  if (type === 'symlink') return { ...entry, type, target: parseTarget(more[0]) };
  const [size, numbers] = more;
  return { ...entry, type, size, contents: parseContents(path, { size, numbers, contents }) };
}

function parseTarget(target: unknown): string {
  if (typeof target === 'string' && target.length > 0 && target.length <= MOST_PATH_CHARS && !target.includes('\0'))
    return target;
  throw invalid('a link of a cache mount leads nowhere');
}

function parseContents(
  path: string,
  { size, numbers, contents }: { readonly size: unknown; readonly numbers: unknown; readonly contents: Contents },
): readonly Digest[] {
  const parts = Array.isArray(numbers) ? numbers.map((number) => (isCount(number) ? contents[number] : undefined)) : [];
  const isWhole = Array.isArray(numbers) && parts.reduce((sum, part) => sum + (part?.size ?? Number.NaN), 0) === size;
  if (!isWhole) throw invalid(`the contents of "${path}" are not those of its size`);
  return parts.flatMap((part) => part?.digest ?? []);
}

function isPath(path: unknown): path is string {
  if (typeof path !== 'string' || path.length > MOST_PATH_CHARS || path.includes('\0')) return false;
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
