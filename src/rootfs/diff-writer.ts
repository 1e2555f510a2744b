/**
 * Writes into an active snapshot's directory of differences on top of what its parents show, the way overlayfs
 * would have done it: parents are copied up, what is replaced below needs nothing, what is removed below leaves a whiteout, a directory
 * that comes back is opaque. It must not know COPY's rules or tar. What surprises: modes and times of directories are
 * set by `finish`, since writing into them changes the one and may need more than the other allows.
 */
import { linkSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import type { FileEntry, FileTree } from '../context/file-tree.ts';
import { resolvePath } from '../context/resolve-path.ts';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';
import { makeNode } from '../system/node.ts';
import { copyContent } from './copy-content.ts';
import { type AttributedType, type Attributes, type Device, EntryAttributes } from './entry-attributes.ts';
import { fileEntry, openLayeredView } from './layered-view.ts';
import { isOpaque, isWhiteout, makeOpaque, makeWhiteout } from './overlay-form.ts';
import { removeTree } from './remove-tree.ts';
import type { WritableDifference } from './snapshot.ts';

/** What the difference has where a directory may be. */
interface DirectoryState {
  readonly onDisk: boolean;
  /** Whether nothing of what is below can be seen in it. */
  readonly hides: boolean;
}

/** PATH_MAX: nothing below a longer path can be opened. */
const MAX_PATH = 4096;

export class DiffWriter {
  readonly #diffDir: string;
  readonly #active: WritableDifference;
  readonly #below: FileTree;
  readonly #attributes: EntryAttributes;
  /** Directories of the difference that are known to be there, and whether they hide what is below them. */
  readonly #directories = new Map<string, DirectoryState>();
  /** Those that may be written into: what they were like is known, and set again by `finish`. */
  readonly #opened = new Set<string>();

  /** What can be seen now, for whoever only reads. */
  readonly #tree: FileTree;

  constructor(active: WritableDifference) {
    this.#active = active;
    this.#diffDir = active.diffDir;
    this.#attributes = new EntryAttributes(active);
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
      this.#attributes.keep(path);
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
  setAttributes(path: string, type: AttributedType, attributes: Attributes, device?: Device): void {
    this.#attributes.set({ path, type, attributes, device });
  }

  /** As `setAttributes`, of an entry that has had others. */
  changeAttributes(path: string, type: AttributedType, attributes: Attributes): void {
    this.#attributes.set({ path, type, attributes, hasOwner: true });
  }

  /** Sets the modes and times of directories. Nothing is written afterwards. */
  finish(): void {
    this.#attributes.finish();
  }

  /** A directory's time, kept over what is written into it; set by `finish`. */
  setDirectoryMtime(path: string, mtimeNs: bigint): void {
    this.openDirectory(path);
    this.#attributes.setDirectoryMtime(path, mtimeNs);
  }

  /** A directory's mode; everything else of it stays. The directory must be there. */
  setDirectoryMode(path: string, mode: number): void {
    this.openDirectory(path);
    const there = this.lstat(path);
    if (there)
      this.setAttributes(path, 'directory', { ...there, mode, mtimeNs: this.#attributes.directoryMtime(path) });
  }

  #forget(path: string): void {
    for (const known of [this.#directories, this.#opened, this.#attributes]) known.delete(path);
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
    mkdirSync(this.hostPath(path), 0o700);
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

function tooLong(path: string): KnownError {
  return new KnownError('COPY_DESTINATION', `The path "${stripControl(path.slice(0, 100))}…" is too long.`, {
    hint: `Linux takes paths of up to ${MAX_PATH} bytes.`,
  });
}

function notADirectory(path: string): Error {
  return Object.assign(new Error(`ENOTDIR: not a directory '${path}'`), { code: 'ENOTDIR', path });
}
