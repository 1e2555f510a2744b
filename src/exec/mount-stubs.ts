import {
  type BigIntStats,
  chmodSync,
  closeSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { systemErrorCode } from '../diagnostics/known-error.ts';
import { makeOpaque, makeWhiteout } from '../rootfs/overlay-form.ts';
import type { RootMount } from '../rootfs/snapshot.ts';
import { setMtime } from '../system/mtime.ts';
import { listXattrs, setXattr } from '../system/xattr.ts';
import { LayeredRoot } from './layered-root.ts';
import { isRealDirectory } from './real-directory.ts';

/** A place that something will be mounted on. */
export interface MountPoint {
  /** Absolute path in the root, symlinks already resolved. */
  readonly path: string;
  readonly type: 'directory' | 'file';
  /** 0755 for a directory and 0644 for a file unless told. */
  readonly mode?: number | undefined;
  /** Stays in the snapshot (/proc, /sys and /dev, as BuildKit leaves them). */
  readonly keep?: boolean;
  /** Of the directories that are made; root unless told. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/** An entry that was made, in the order of making. */
interface Made {
  readonly hostPath: string;
  readonly kind: 'stub' | 'copy-up' | 'kept';
  /** Of the parent, before and after the entry was made. */
  readonly parent: string;
  /** Of a directory that was copied up: as it must still be to be taken away again. */
  readonly original?: BigIntStats;
  /** The stub stands where the upper directory says that a name is removed. */
  readonly overWhiteout?: boolean;
}

/**
 * Makes the mount points that a root lacks, in its upper directory, and returns what takes them away again: stubs that
 * are still empty, then directories that were copied up for their sake and hold nothing else. Times of the directories
 * around them are as they would have been, so that a process that changes nothing leaves an empty difference.
 */
export function makeMountStubs(root: RootMount, points: readonly MountPoint[]): () => void {
  const made: Made[] = [];
  for (const point of points) makePoint(root, point, made);
  return () => {
    for (const entry of made.reverse()) removeIfUnused(entry);
  };
}

function makePoint(root: RootMount, point: MountPoint, made: Made[]): void {
  const { firstMissing } = LayeredRoot.of(root).locate(point.path);
  if (firstMissing === undefined) return;
  // The store's own path may lead through links; below it there are none (see removeIfUnused).
  const top = realpathSync.native(root.kind === 'overlay' ? root.upperDir : root.path);
  if (root.kind === 'overlay') copyUpDirectories({ ...root, upperDir: top }, dirname(firstMissing), made);
  const names = point.path.slice(firstMissing.length).split('/').filter(Boolean);
  let path = firstMissing;
  for (let index = 0; index <= names.length; index++) {
    const isLast = index === names.length;
    makeEntry(top + path, isLast ? point.type : 'directory', point.keep ? 'kept' : 'stub', made);
    if (isLast && point.mode !== undefined) chmodSync(top + path, point.mode);
    if (point.owner) chownIfPossible(top + path, point.owner.uid, point.owner.gid);
    path = `${path}/${names[index] ?? ''}`;
  }
}

function makeEntry(hostPath: string, type: MountPoint['type'], kind: Made['kind'], made: Made[]): void {
  const parent = dirname(hostPath);
  const parentMtimeNs = lstatSync(parent, { bigint: true }).mtimeNs;
  const overWhiteout = lstatSync(hostPath, { throwIfNoEntry: false }) !== undefined;
  if (overWhiteout) unlinkSync(hostPath);
  if (type === 'directory') mkdirSync(hostPath);
  else closeSync(openSync(hostPath, 'wx'));
  chmodSync(hostPath, type === 'directory' ? 0o755 : 0o644);
  // What the whiteout hid must not shine through the new directory.
  if (overWhiteout && type === 'directory') makeOpaque(hostPath);
  if (kind !== 'kept') setMtime(parent, parentMtimeNs);
  made.push({ hostPath, kind, parent, overWhiteout });
}

/** As overlayfs does it on the first write: the directory appears in the upper one with the same owner, mode and times. */
function copyUpDirectories(root: Extract<RootMount, { kind: 'overlay' }>, path: string, made: Made[]): void {
  const layered = LayeredRoot.of(root);
  const names = path.split('/').filter(Boolean);
  for (let index = 1; index <= names.length; index++) {
    const part = `/${names.slice(0, index).join('/')}`;
    const target = root.upperDir + part;
    const source = layered.locate(part);
    if (!source.stat || !source.hostPath || source.hostPath === target) continue;
    const parent = dirname(target);
    const parentMtimeNs = lstatSync(parent, { bigint: true }).mtimeNs;
    mkdirSync(target);
    chownIfPossible(target, Number(source.stat.uid), Number(source.stat.gid));
    chmodSync(target, Number(source.stat.mode & 0o7777n));
    for (const [name, value] of listXattrs(source.hostPath)) {
      if (!name.includes('overlay.')) setXattr(target, name, value);
    }
    setMtime(target, source.stat.mtimeNs);
    setMtime(parent, parentMtimeNs);
    made.push({ hostPath: target, kind: 'copy-up', parent, original: lstatSync(target, { bigint: true }) });
  }
}

function chownIfPossible(path: string, uid: number, gid: number): void {
  try {
    lchownSync(path, uid, gid);
  } catch (error) {
    // An owner outside this user's ids: the lower directory is on disk under another id, too.
    if (!['EPERM', 'EINVAL'].includes(systemErrorCode(error) ?? '')) throw error;
  }
}

function removeIfUnused({ hostPath, kind, parent, original, overWhiteout }: Made): void {
  if (kind === 'kept' || !isRealDirectory(parent)) return;
  const stat = lstatSync(hostPath, { bigint: true, throwIfNoEntry: false });
  if (!stat || (original && !sameAttributes(stat, original))) return;
  if (stat.isDirectory() ? readdirSync(hostPath).length > 0 : !stat.isFile() || stat.size > 0n) return;
  const { mtimeNs } = lstatSync(parent, { bigint: true });
  if (stat.isDirectory()) rmdirSync(hostPath);
  else unlinkSync(hostPath);
  if (overWhiteout) makeWhiteout(hostPath);
  setMtime(parent, mtimeNs);
}

function sameAttributes(a: BigIntStats, b: BigIntStats): boolean {
  return a.mode === b.mode && a.uid === b.uid && a.gid === b.gid && a.mtimeNs === b.mtimeNs;
}
