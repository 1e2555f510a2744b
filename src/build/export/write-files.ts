/**
 * Writes a root filesystem's files into a folder as docker does: they are the user's, with the image's modes, times and
 * hard links; what is there already and has another name stays. It must not know images. What surprises: nothing in the
 * folder is followed, a link in a directory's place is replaced by the directory.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileEntry, FileTree } from '../../context/file-tree.ts';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import { copyContent } from '../../rootfs/copy-content.ts';
import { setMtime } from '../../system/mtime.ts';
import { makeNode } from '../../system/node.ts';
import { setXattr } from '../../system/xattr.ts';
import { exportedTime, walkFiles } from './walk-files.ts';

export interface WriteFilesOptions {
  readonly epochSeconds?: number | undefined;
  readonly signal: AbortSignal;
  /** Files written so far. */
  onFiles(count: number): void;
}

/** Others get a turn after so many files: a signal, the progress. */
const BATCH = 500;
const XATTR_REFUSED: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES', 'EINVAL'];

/** Each file appears whole; the folder as a whole only when it is new. Throws system errors. */
export async function writeFiles(tree: FileTree, folder: string, options: WriteFilesOptions): Promise<void> {
  if (lstatSync(folder, { throwIfNoEntry: false })) return new FolderWriter(tree, folder, options).write();
  mkdirSync(dirname(folder), { recursive: true });
  const fresh = join(dirname(folder), `.slipway-${randomBytes(6).toString('hex')}.tmp`);
  try {
    mkdirSync(fresh);
    await new FolderWriter(tree, fresh, options).write();
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
}

class FolderWriter {
  readonly #tree: FileTree;
  readonly #folder: string;
  readonly #options: WriteFilesOptions;
  /** First name of each file with several. */
  readonly #links = new Map<string, string>();
  /** What new directories are like when everything is in them. */
  readonly #made: FileEntry[] = [];

  constructor(tree: FileTree, folder: string, options: WriteFilesOptions) {
    this.#tree = tree;
    this.#folder = folder;
    this.#options = options;
  }

  async write(): Promise<void> {
    let count = 0;
    for (const entry of walkFiles(this.#tree)) {
      this.#put(entry, join(this.#folder, entry.path));
      if (++count % BATCH !== 0) continue;
      this.#options.onFiles(count);
      await nextTurn();
      this.#options.signal.throwIfAborted();
    }
    for (const entry of this.#made.reverse()) this.#finishDirectory(entry, join(this.#folder, entry.path));
    this.#options.onFiles(count);
  }

  #put(entry: FileEntry, path: string): void {
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (entry.type === 'directory') {
      if (there?.isDirectory()) chmodSync(path, entry.mode | 0o700);
      else {
        if (there) rmSync(path);
        mkdirSync(path, { mode: 0o700 });
      }
      this.#made.push(entry);
      return;
    }
    // A rename replaces what is no directory, so that the name is never gone.
    if (there?.isDirectory()) rmSync(path, { recursive: true });
    const isReplaced = there !== undefined && !there.isDirectory();
    const target = isReplaced ? join(dirname(path), `.slipway-${randomBytes(6).toString('hex')}.tmp`) : path;
    this.#create(entry, target);
    if (target === path) return;
    renameSync(target, path);
    // rename(2) does nothing when both are names of one file already.
    rmSync(target, { force: true });
  }

  #create(entry: FileEntry, path: string): void {
    const first = entry.hardLink === undefined ? undefined : this.#links.get(entry.hardLink);
    if (first !== undefined) {
      linkSync(first, path);
      return;
    }
    this.#make(entry, path);
    if (entry.hardLink !== undefined) this.#links.set(entry.hardLink, join(this.#folder, entry.path));
    if (entry.type !== 'symlink') chmodSync(path, entry.mode);
    this.#copyXattrs(entry, path);
    setMtime(path, exportedTime(entry, this.#options.epochSeconds));
  }

  #make(entry: FileEntry, path: string): void {
    const { type, linkTarget = '', mode, rdev } = entry;
    if (type === 'symlink') symlinkSync(linkTarget, path);
    else if (type === 'file') copyContent(entry, path);
    else if (type !== 'directory' && type !== 'socket') makeNode(path, { type, mode, ...rdev });
  }

  /** The owner's write bit comes off last, and nothing is written into a directory after its time was set. */
  #finishDirectory(entry: FileEntry, path: string): void {
    this.#copyXattrs(entry, path);
    chmodSync(path, entry.mode);
    setMtime(path, exportedTime(entry, this.#options.epochSeconds));
  }

  #copyXattrs(entry: FileEntry, path: string): void {
    for (const [name, value] of this.#tree.xattrs(entry)) {
      try {
        setXattr(path, name, value);
      } catch (error) {
        if (!XATTR_REFUSED.includes(systemErrorCode(error) ?? '')) throw error;
      }
    }
  }
}
