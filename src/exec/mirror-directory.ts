import {
  type BigIntStats,
  chmodSync,
  constants,
  copyFileSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { removeTree } from '../rootfs/remove-tree.ts';
import { setMtime } from '../system/mtime.ts';

/**
 * Makes a directory's content the same as another's: files, directories, symlinks, with owners, modes and times. What is
 * the same already is not touched; a changed file is replaced in one step. Sockets and devices are left out.
 */
export function mirrorDirectory(from: string, to: string): void {
  const names = readdirSync(from);
  const wanted = new Set(names);
  for (const name of readdirSync(to)) if (!wanted.has(name)) removeTree(join(to, name));
  for (const name of names) mirrorEntry(join(from, name), join(to, name));
}

function mirrorEntry(from: string, to: string): void {
  const stat = lstatSync(from, { bigint: true });
  const old = lstatSync(to, { bigint: true, throwIfNoEntry: false });
  if (old && (old.mode & TYPE) !== (stat.mode & TYPE)) removeTree(to);
  if (stat.isDirectory()) {
    if (!old?.isDirectory()) mkdirSync(to);
    mirrorDirectory(from, to);
  } else if (old && isSame(stat, old)) return;
  else if (stat.isFile()) copyFile(from, to, stat);
  else if (stat.isSymbolicLink()) copyLink(from, to, stat);
  else return;
  if (!stat.isSymbolicLink()) chmodSync(to, Number(stat.mode & 0o7777n));
  setMtime(to, stat.mtimeNs);
}

const TYPE = BigInt(constants.S_IFMT);

function isSame(a: BigIntStats, b: BigIntStats): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;
}

function copyFile(from: string, to: string, { uid, gid }: BigIntStats): void {
  const fresh = `${to}.slipway-${process.pid}`;
  copyFileSync(from, fresh, constants.COPYFILE_FICLONE);
  lchownSync(fresh, Number(uid), Number(gid));
  renameSync(fresh, to);
}

function copyLink(from: string, to: string, { uid, gid }: BigIntStats): void {
  removeTree(to);
  symlinkSync(readlinkSync(from), to);
  lchownSync(to, Number(uid), Number(gid));
}
