/**
 * Writes into an active snapshot's directory of differences on top of what its parents show, the way overlayfs
 * would have done it: parents are copied up, what is replaced below needs nothing, what is removed below leaves a whiteout, a directory
 * that comes back is opaque. It must not know COPY's rules or tar. What surprises: modes and times of directories are
 * set by `finish`, since writing into them changes the one and may need more than the other allows.
 */
import {
  chmodSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { FileEntry, FileTree } from '../context/file-tree.ts';
import { resolvePath } from '../context/resolve-path.ts';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';
import { setMtime } from '../system/mtime.ts';
import { makeNode } from '../system/node.ts';
import { setXattr } from '../system/xattr.ts';
import { copyContent } from './copy-content.ts';
import { fileEntry, openLayeredView } from './layered-view.ts';
import { isOpaque, isWhiteout, makeOpaque, makeWhiteout } from './overlay-form.ts';
import type { OwnerOverride } from './owner-table.ts';
import { currentPrivileges, type Privileges } from './privileges.ts';
import { removeTree } from './remove-tree.ts';
import type { WritableDifference } from './snapshot.ts';

/** What an entry should be like in the image. */
export interface Attributes {
  readonly uid: number;
  readonly gid: number;
  /** Permission bits with setuid, setgid and sticky; a symlink has none. */
  readonly mode: number;
  /** Left as the kernel set it (now) when undefined. */
  readonly mtimeNs?: bigint | undefined;
  readonly xattrs?: ReadonlyMap<string, Buffer> | undefined;
}

/** What the difference has where a directory may be. */
interface DirectoryState {
  readonly onDisk: boolean;
  /** Whether nothing of what is below can be seen in it. */
  readonly hides: boolean;
}

type Device = NonNullable<OwnerOverride['device']>;

/** PATH_MAX: nothing below a longer path can be opened. */
const MAX_PATH = 4096;
const SETUID_SETGID = 0o6000;
/** Errors of an attribute that this filesystem, this file type or this user cannot have. */
const XATTR_REFUSED: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES', 'EINVAL'];

export class DiffWriter {
  readonly #diffDir: string;
  readonly #active: WritableDifference;
  readonly #below: FileTree;
  readonly #privileges: Privileges = currentPrivileges();
  /** Directories of the difference that are known to be there, and whether they hide what is below them. */
  readonly #directories = new Map<string, DirectoryState>();
  /** Those that may be written into: `#pending` has what they were like. */
  readonly #opened = new Set<string>();
  /** What `finish` sets, in the order of making: parents come before their children. */
  readonly #pending = new Map<string, { readonly mode: number; readonly mtimeNs?: bigint | undefined }>();

  /** What can be seen now, for whoever only reads. */
  readonly #tree: FileTree;

  constructor(active: WritableDifference) {
    this.#active = active;
    this.#diffDir = active.diffDir;
    this.#below = openLayeredView(active.parent, 'the root filesystem');
    this.#directories.set('', { onDisk: true, hides: false });
    this.#tree = {
      name: this.#below.name,
      lstat: (path) => this.lstat(path),
      readdir: () => [],
      xattrs: (entry) => this.#below.xattrs(entry),
    };
  }

  /** What is at a path now: written here, else below. A symlink as a parent component is not followed. */
  lstat(path: string): FileEntry | undefined {
    const parent = this.#stateOf(parentOf(path));
    const host = this.hostPath(path);
    const stat = parent.onDisk ? lstatSync(host, { bigint: true, throwIfNoEntry: false }) : undefined;
    if (!stat) return parent.hides ? undefined : this.#below.lstat(path);
    return isWhiteout(stat) ? undefined : fileEntry(path, host, stat, this.#active.owners.get(path));
  }

  /**
   * Where a path leads inside the root, as for a process that is confined there, whether it exists or not.
   * @throws KnownError COPY_DESTINATION when it is longer than any path can be, SYMLINK_LOOP.
   */
  resolve(path: string, options: { readonly followLast?: boolean } = {}): string {
    if (path.length > MAX_PATH) throw tooLong(path);
    const resolved = resolvePath(this.#tree, path, options).path;
    if (resolved.length > MAX_PATH) throw tooLong(path);
    return resolved;
  }

  hostPath(path: string): string {
    return path === '' ? this.#diffDir : `${this.#diffDir}/${path}`;
  }

  /** Makes sure that a directory which is there (here or below) is in the difference, with all its parents. */
  openDirectory(path: string): void {
    if (this.#opened.has(path)) return;
    if (path !== '') this.openDirectory(parentOf(path));
    const there = this.lstat(path);
    if (there?.type !== 'directory') throw notADirectory(path);
    this.#opened.add(path);
    if (this.#stateOf(path).onDisk) {
      this.#keepAttributes(path);
      return;
    }
    this.#makeDirectory(path);
    this.#directories.set(path, { onDisk: true, hides: false });
    this.setAttributes(path, 'directory', { ...there, xattrs: this.#below.xattrs(there) });
  }

  /** A new directory; nothing or no directory is there now. Its parent must be there. */
  mkdir(path: string, attributes: Attributes): void {
    this.openDirectory(parentOf(path));
    this.clear(path);
    const hasBelow = this.#lstatBelow(path)?.type === 'directory';
    this.#makeDirectory(path);
    const hides = !hasBelow || makeOpaque(this.hostPath(path));
    if (!hides) this.#hideEach(path);
    this.#directories.set(path, { onDisk: true, hides });
    this.#opened.add(path);
    this.setAttributes(path, 'directory', attributes);
  }

  /**
   * Runs `create` with the path on disk of a new entry, after making room for it. `create` must fail with EEXIST when
   * something is there: asking first would cost a call for each of 20,000 files.
   */
  create<T>(path: string, create: (hostPath: string) => T): T {
    this.openDirectory(parentOf(path));
    try {
      return create(this.hostPath(path));
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST') throw error;
      this.clear(path);
      return create(this.hostPath(path));
    }
  }

  symlink(path: string, target: string, attributes: Attributes): void {
    this.create(path, (host) => symlinkSync(target, host));
    this.setAttributes(path, 'symlink', attributes);
  }

  /** A device node or a pipe; a device that may not be made is an empty file here and a device in the image. */
  node(path: string, type: 'char' | 'block' | 'fifo', attributes: Attributes & { rdev?: Omit<Device, 'type'> }): void {
    const { major, minor } = attributes.rdev ?? { major: 0, minor: 0 };
    let device: Device | undefined;
    this.create(path, (host) => {
      try {
        makeNode(host, { type, mode: 0o600, major, minor });
      } catch (error) {
        if (type === 'fifo' || systemErrorCode(error) !== 'EPERM') throw error;
        writeFileSync(host, '', { flag: 'wx', mode: 0o600 });
        device = { type, major, minor };
      }
    });
    this.setAttributes(path, 'file', attributes, device);
  }

  /** Another name for a file that is there (no directory). One that is only below is copied up first, as overlayfs does. */
  link(existing: string, path: string): void {
    if (existing === path) return;
    this.#copyUp(existing);
    this.create(path, (host) => linkSync(this.hostPath(existing), host));
    const override = this.#active.owners.get(existing);
    if (override) this.#active.owners.set(path, override);
    else this.#active.owners.delete(path);
  }

  /** Takes away what the difference itself has at a path. Returns whether there was something. */
  clear(path: string): boolean {
    const host = this.hostPath(path);
    const stat = lstatSync(host, { throwIfNoEntry: false });
    if (!stat) return false;
    removeTree(host, (removed) => this.#forget(removed.slice(this.#diffDir.length + 1)));
    return true;
  }

  /** Removes what is at a path, here and below. */
  remove(path: string): void {
    if (!this.lstat(path)) return;
    this.openDirectory(parentOf(path));
    this.clear(path);
    if (this.#lstatBelow(path)) makeWhiteout(this.hostPath(path));
  }

  /** Hides what is below at a path and keeps what was written here (a layer's whiteout, layer.md "Whiteouts"). */
  hideBelow(path: string): void {
    if (!this.#lstatBelow(path)) return;
    this.openDirectory(parentOf(path));
    const stat = lstatSync(this.hostPath(path), { throwIfNoEntry: false });
    if (!stat) makeWhiteout(this.hostPath(path));
    else if (stat.isDirectory()) this.hideContentsBelow(path);
  }

  /** Hides everything that is below in a directory (layer.md "Opaque Whiteout"). The directory must be there. */
  hideContentsBelow(path: string): void {
    this.openDirectory(path);
    if (this.#stateOf(path).hides || (path !== '' && this.#lstatBelow(path)?.type !== 'directory')) return;
    // overlayfs does not look at the root's own attribute.
    if (path === '' || !makeOpaque(this.hostPath(path))) this.#hideEach(path);
    else this.#hideAllBelow(path);
  }

  /** Gives an entry of the difference what it should have in the image, on disk as far as that goes. */
  setAttributes(path: string, type: 'file' | 'directory' | 'symlink', attributes: Attributes, device?: Device): void {
    const host = this.hostPath(path);
    const { uid, gid, mode, mtimeNs, xattrs } = attributes;
    const { canOwn, obeysModes } = this.#privileges;
    const owned = canOwn(uid, gid);
    if (owned && !(type === 'file' && this.#isOwnedAsMade(uid, gid))) lchownSync(host, uid, gid);
    const readable = obeysModes && type !== 'symlink' ? mode | (type === 'directory' ? 0o700 : 0o400) : mode;
    // A file of somebody else's in the image is the user's own on disk, where nobody should run it as that user.
    const diskMode = device ? 0o600 : owned ? readable : readable & ~SETUID_SETGID;
    this.#rememberOwner(path, owned && !device && diskMode === mode, { uid, gid, mode, ...(device && { device }) });
    if (type === 'directory') this.#pending.set(path, { mode: diskMode, mtimeNs });
    else if (type === 'file') chmodSync(host, diskMode);
    for (const [name, value] of xattrs ?? []) setXattrIfPossible(host, name, value);
    if (mtimeNs !== undefined && type !== 'directory') setMtime(host, mtimeNs);
  }

  /** Sets the modes and times of directories, deepest first. Nothing is written afterwards. */
  finish(): void {
    for (const [path, { mode, mtimeNs }] of [...this.#pending].reverse()) {
      const host = this.hostPath(path);
      chmodSync(host, mode);
      if (mtimeNs !== undefined) setMtime(host, mtimeNs);
    }
    this.#pending.clear();
  }

  /** A directory's time, kept over what is written into it; set by `finish`. */
  setDirectoryMtime(path: string, mtimeNs: bigint): void {
    this.openDirectory(path);
    const mode = this.#pending.get(path)?.mode ?? 0o755;
    this.#pending.set(path, { mode, mtimeNs });
  }

  /** A directory of the difference that others made keeps its mode and time over what is written into it. */
  #keepAttributes(path: string): void {
    if (this.#pending.has(path)) return;
    const host = this.hostPath(path);
    const stat = lstatSync(host, { bigint: true });
    const mode = Number(stat.mode & 0o7777n);
    this.#pending.set(path, { mode, mtimeNs: stat.mtimeNs });
    // New files would take the group of a setgid directory.
    if (mode & SETUID_SETGID) chmodSync(host, mode & ~SETUID_SETGID);
  }

  #forget(path: string): void {
    for (const known of [this.#directories, this.#opened, this.#pending, this.#active.owners]) known.delete(path);
  }

  #rememberOwner(path: string, onDisk: boolean, override: OwnerOverride): void {
    if (onDisk) this.#active.owners.delete(path);
    else this.#active.owners.set(path, override);
  }

  /** Directories made here have no setgid bit until `finish`, so a new file is the process's own. */
  #isOwnedAsMade(uid: number, gid: number): boolean {
    return uid === this.#privileges.uid && gid === this.#privileges.gid;
  }

  #copyUp(path: string): void {
    const host = this.hostPath(path);
    if (this.#stateOf(parentOf(path)).onDisk && lstatSync(host, { throwIfNoEntry: false })) return;
    const below = this.#lstatBelow(path);
    if (!below) throw Object.assign(new Error(`ENOENT: link '${path}'`), { code: 'ENOENT' });
    const attributes = { ...below, xattrs: this.#below.xattrs(below) };
    if (below.type === 'symlink') this.symlink(path, below.linkTarget ?? '', attributes);
    else if (below.type === 'char' || below.type === 'block' || below.type === 'fifo') {
      this.node(path, below.type, { ...attributes, ...(below.rdev && { rdev: below.rdev }) });
    } else {
      this.create(path, (target) => copyContent(below, target));
      this.setAttributes(path, 'file', attributes);
    }
  }

  #makeDirectory(path: string): void {
    const host = this.hostPath(path);
    mkdirSync(host, 0o700);
    this.#pending.set(path, { mode: 0o755 });
  }

  #stateOf(path: string): DirectoryState {
    const known = this.#directories.get(path);
    if (known) return known;
    const parent = this.#stateOf(parentOf(path));
    if (!parent.onDisk) return parent;
    const host = this.hostPath(path);
    const stat = lstatSync(host, { throwIfNoEntry: false });
    if (!stat) return { onDisk: false, hides: parent.hides };
    // Something else than a directory (a whiteout, a file) hides everything under its name.
    if (!stat.isDirectory()) return { onDisk: false, hides: true };
    const state = { onDisk: true, hides: parent.hides || isOpaque(host) };
    this.#directories.set(path, state);
    return state;
  }

  /** What the parents show at a path, unless something written here hides it. */
  #lstatBelow(path: string): FileEntry | undefined {
    return this.#stateOf(parentOf(path)).hides ? undefined : this.#below.lstat(path);
  }

  /** Where no attribute can say it, each name that is below gets a whiteout of its own. */
  #hideEach(path: string): void {
    const present = new Set(readdirSync(this.hostPath(path)));
    const prefix = path === '' ? '' : `${path}/`;
    for (const name of this.#below.readdir(path)) {
      if (!present.has(name)) makeWhiteout(this.hostPath(prefix + name));
      else if (this.#stateOf(prefix + name).onDisk) this.hideContentsBelow(prefix + name);
    }
  }

  #hideAllBelow(path: string): void {
    this.#directories.set(path, { onDisk: true, hides: true });
    for (const entry of readdirSync(this.hostPath(path), { withFileTypes: true })) {
      if (entry.isDirectory()) this.#hideAllBelow(`${path}/${entry.name}`);
    }
  }
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

function setXattrIfPossible(host: string, name: string, value: Buffer): void {
  try {
    setXattr(host, name, value);
  } catch (error) {
    // BuildKit goes on without an attribute that cannot be set, and so do the tools people know.
    if (!XATTR_REFUSED.includes(systemErrorCode(error) ?? '')) throw error;
  }
}

function tooLong(path: string): KnownError {
  return new KnownError('COPY_DESTINATION', `The path "${stripControl(path.slice(0, 100))}…" is too long.`, {
    hint: `Linux takes paths of up to ${MAX_PATH} bytes.`,
  });
}

function notADirectory(path: string): Error {
  return Object.assign(new Error(`ENOTDIR: not a directory '${path}'`), { code: 'ENOTDIR', path });
}
