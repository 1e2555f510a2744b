import { createHash } from 'node:crypto';
import type { TarMember } from './read-tar.ts';

/** Times since 2024 are those of the build. */
const NOW_FROM = 1_704_067_200;
/** Contents up to this many bytes are shown as they are. */
const SHOWN = 160;
const LETTER = { file: 'f', directory: 'd', symlink: 'l', hardlink: 'h', char: 'c', block: 'b', fifo: 'p' } as const;

export interface DescribeOptions extends RunDetails {
  /** What the same path is in the base: an equal time says nothing about the builder. */
  readonly base: TarMember | undefined;
  /** Paths that are other names of this file. */
  readonly names?: readonly string[];
}

/** What differs from run to run. */
export interface RunDetails {
  /** Time of the context's files, seconds. */
  readonly mtime: number;
  /** Puts back what a run put in. */
  readonly restore: (text: string) => string;
}

/** A file on one line: type, mode, owner, path, what is in it, its time unless the build made it, xattrs. */
export function describeFile(path: string, member: TarMember, options: DescribeOptions): string {
  const { type, mode, uid, gid, xattrs } = member;
  return [
    LETTER[type],
    mode.toString(8).padStart(4, '0'),
    `${uid}:${gid}`,
    `/${path}`,
    ...body(member, options),
    ...(options.names?.length ? [`names ${options.names.map((name) => `/${name}`).join(' ')}`] : []),
    ...time(member, options),
    ...[...xattrs].sort().map(([name, value]) => `${name}=${value}`),
  ].join(' ');
}

function body({ type, content, linkTarget, device }: TarMember, { restore }: DescribeOptions): string[] {
  if (type === 'symlink') return [`-> ${linkTarget}`];
  if (type === 'hardlink') return [`=> /${linkTarget.replace(/^(?:\.?\/)+/, '')}`];
  if (type === 'char' || type === 'block') return [device];
  if (type !== 'file') return [];
  const text = restore(content.toString());
  if (content.length <= SHOWN && !text.includes('\uFFFD')) return [JSON.stringify(text)];
  return [`${content.length} bytes ${createHash('sha256').update(content).digest('hex').slice(0, 16)}`];
}

function time({ type, mtime }: TarMember, { base, mtime: contextTime }: DescribeOptions): string[] {
  if (type === 'hardlink') return [];
  if (mtime === contextTime) return ['@context'];
  if (base?.mtime === mtime) return ['@base'];
  return mtime >= NOW_FROM ? [] : [`@${mtime}`];
}
