import { constants } from 'node:fs';
import type { FileStatus } from '../system/file-status.ts';
import type { FileEntry, FileIdentity, FileType } from './file-tree.ts';
import { NO_CONTENT } from './open-entry.ts';

export type HostStats = FileStatus;

/**
 * An entry of a build context from what lstat said: owners 0:0, everything else kept. A socket becomes an empty file,
 * as in BuildKit, which cannot send one.
 */
export function entryFromStats(
  named: Pick<FileEntry, 'path' | 'hostPath'>,
  stats: HostStats,
  linkTarget?: string,
): FileEntry {
  const type = fileType(stats);
  // Reading a socket's path fails; these bytes are as empty as the file that stands for it.
  const isSocket = type === 'socket';
  // One literal for all: 20,000 objects of one shape are made and collected several times faster.
  return {
    path: named.path,
    type: isSocket ? 'file' : type,
    mode: Number(stats.mode) & 0o7777,
    uid: 0,
    gid: 0,
    size: type === 'file' ? Number(stats.size) : 0,
    mtimeNs: stats.mtimeNs,
    linkTarget,
    rdev: type === 'char' || type === 'block' ? deviceNumbers(stats.rdev) : undefined,
    hardLink: type !== 'directory' && stats.nlink > 1 ? `${stats.dev}:${stats.ino}` : undefined,
    hostPath: isSocket ? NO_CONTENT : named.hostPath,
    identity: isSocket ? undefined : identityFromStats(stats),
  };
}

export function identityFromStats(stats: HostStats): FileIdentity {
  return {
    device: stats.dev,
    inode: stats.ino,
    size: stats.size,
    mtimeNs: stats.mtimeNs,
    ctimeNs: stats.ctimeNs,
  };
}

const TYPES: ReadonlyMap<number, FileType> = new Map([
  [constants.S_IFDIR, 'directory'],
  [constants.S_IFLNK, 'symlink'],
  [constants.S_IFCHR, 'char'],
  [constants.S_IFBLK, 'block'],
  [constants.S_IFIFO, 'fifo'],
  [constants.S_IFSOCK, 'socket'],
]);

function fileType(stats: HostStats): FileType {
  return TYPES.get(Number(stats.mode) & constants.S_IFMT) ?? 'file';
}

/** The kernel's split of a device number (linux/kdev_t.h, new_decode_dev; gnu_dev_major). */
function deviceNumbers(rdev: bigint): { readonly major: number; readonly minor: number } {
  return {
    major: Number(((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & ~0xfffn)),
    minor: Number((rdev & 0xffn) | ((rdev >> 12n) & ~0xffn & 0xffffffffn)),
  };
}
