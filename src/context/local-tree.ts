/**
 * The files of a directory on this machine as BuildKit's local source sends them: .dockerignore applied, owners reset
 * to 0:0, nothing outside of the directory. It knows files and patterns; what selects among them, it must not know.
 *
 * The guarantee: every entry was reached from the root through directories that were opened without following a link
 * and had the device and inode that their parent's listing showed, so a parent that somebody replaces by a symlink
 * meanwhile is an error and never a way out. `openEntry` holds the same for contents.
 */
import { closeSync, constants, existsSync, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { KnownError } from '../diagnostics/known-error.ts';
import { createStatusReader } from '../system/file-status.ts';
import { entryFromStats, type HostStats } from './entry-from-stats.ts';
import type { FileEntry, FileTree } from './file-tree.ts';
import { openDirectory, realDirectory } from './open-directory.ts';
import type { PatternMatcher, PatternState } from './pattern/pattern-matcher.ts';

export interface LocalTreeOptions {
  /** What the tree is called in messages. */
  readonly name: string;
  /** What .dockerignore hides; everything is shown unless given. */
  readonly ignore?: PatternMatcher | undefined;
  /**
   * Owners that an archive named, for a directory it was unpacked into; a path without one belongs to 0:0. A directory
   * of the user's has none: its owners are an accident of this machine.
   */
  readonly ownerOf?: ((path: string) => { readonly uid: number; readonly gid: number } | undefined) | undefined;
}

/**
 * Opens a directory as a tree. Each directory is read once, when something in it is asked for, so that the tree is a
 * snapshot as far as it was looked at. Nothing has to be closed. Extended attributes are left out: BuildKit's layers
 * have none of a context's either.
 * @throws KnownError CONTEXT_NOT_FOUND, PERMISSION_DENIED; later also CONTEXT_CHANGED.
 */
export function openLocalTree(dir: string, options: LocalTreeOptions): LocalTree {
  return new LocalTree(dir, options);
}

/** A directory that was read: what is shown of it, by name. */
interface ListedDirectory {
  /** A name that JavaScript cannot hold: the directory may not be walked. */
  readonly badName: string | undefined;
  readonly entries: Map<string, FileEntry>;
  /** `entries` in order of name; undefined when one was added since. */
  sorted: readonly FileEntry[] | undefined;
  /** Directories that are ignored themselves, but may hold files that an exception shows again. */
  readonly doubtful: Map<string, FileEntry>;
  readonly state: PatternState | undefined;
}

/** From here on a faster way to look at files pays for itself. */
const MANY_LOOKS = 1000;

const NO_XATTRS: ReadonlyMap<string, Buffer> = new Map();

class LocalTree implements FileTree {
  readonly name: string;
  /** The directory itself, symlinks resolved. */
  readonly hostPath: string;
  readonly ignore: PatternMatcher | undefined;
  readonly #ownerOf: LocalTreeOptions['ownerOf'];
  readonly #root: FileEntry;
  readonly #listed = new Map<string, ListedDirectory>();
  /** Names that were looked at. */
  #looks = 0;
  #readStatus: ReturnType<typeof createStatusReader>;
  /** Without /proc the paths themselves must do: the directories' identities are still compared. */
  readonly #hasProc = existsSync('/proc/self/fd');

  constructor(dir: string, options: LocalTreeOptions) {
    this.name = options.name;
    this.ignore = options.ignore;
    this.#ownerOf = options.ownerOf;
    this.hostPath = realDirectory(dir, options.name);
    const stats = lstatSync(this.hostPath, { bigint: true });
    if (!stats.isDirectory()) {
      throw new KnownError('CONTEXT_NOT_FOUND', `${options.name} is not a directory: ${JSON.stringify(dir)}.`);
    }
    // The root is not sent: BuildKit makes it, and its mode is not the user's.
    this.#root = { ...entryFromStats({ path: '', hostPath: this.hostPath }, stats), mode: 0o755 };
  }

  lstat(path: string): FileEntry | undefined {
    if (path === '') return this.#root;
    const slash = path.lastIndexOf('/');
    const listed = this.#list(slash < 0 ? '' : path.slice(0, slash));
    const name = path.slice(slash + 1);
    return listed?.entries.get(name) ?? this.#restored(listed, name);
  }

  readdir(path: string): readonly string[] {
    return this.list(path).map((entry) => entry.path.slice(entry.path.lastIndexOf('/') + 1));
  }

  list(path: string): readonly FileEntry[] {
    const listed = this.#list(path);
    if (!listed) return [];
    if (listed.badName !== undefined) throw badFileName(listed.badName, this.name);
    for (const name of listed.doubtful.keys()) {
      const entry = this.#restored(listed, name);
      if (entry) listed.entries.set(name, entry);
      if (entry) listed.sorted = undefined;
      listed.doubtful.delete(name);
    }
    listed.sorted ??= [...listed.entries.keys()].sort().map((name) => listed.entries.get(name) as FileEntry);
    return listed.sorted;
  }

  xattrs(): ReadonlyMap<string, Buffer> {
    return NO_XATTRS;
  }

  /** An ignored directory shows when something below it does. */
  #restored(listed: ListedDirectory | undefined, name: string): FileEntry | undefined {
    const directory = listed?.doubtful.get(name);
    if (!listed || !directory) return undefined;
    return this.list(directory.path).length > 0 ? directory : undefined;
  }

  #list(path: string): ListedDirectory | undefined {
    const known = this.#listed.get(path);
    if (known) return known;
    const directory = this.#directory(path);
    if (directory?.entry.type !== 'directory') return undefined;
    const listed = this.#read(directory.entry, directory.state);
    this.#listed.set(path, listed);
    return listed;
  }

  /** The directory as its parent's listing has it, ignored or not, and its pattern state. */
  #directory(path: string): { readonly entry: FileEntry; readonly state: PatternState | undefined } | undefined {
    if (path === '') return { entry: this.#root, state: undefined };
    const slash = path.lastIndexOf('/');
    const parent = this.#list(slash < 0 ? '' : path.slice(0, slash));
    const name = path.slice(slash + 1);
    const entry = parent?.entries.get(name) ?? parent?.doubtful.get(name);
    return entry && { entry, state: this.ignore?.judge(path, parent?.state).state };
  }

  #read(directory: FileEntry, state: PatternState | undefined): ListedDirectory {
    const fd = openDirectory(directory, this.name);
    try {
      const base = this.#hasProc ? `/proc/self/fd/${fd}` : directory.hostPath;
      const entries = new Map<string, FileEntry>();
      const doubtful = new Map<string, FileEntry>();
      const hostPrefix = `${this.hostPath}/`;
      let badName: string | undefined;
      const prefix = directory.path === '' ? '' : `${directory.path}/`;
      for (const name of readdirSync(base).sort()) {
        const path = prefix + name;
        const hidden = this.ignore?.judgeFile(path, state) === true;
        // Without a look at it nobody knows whether it is a directory, whose entries an exception may show again.
        if (hidden && !this.ignore?.mayRestoreBelow(path)) continue;
        if (++this.#looks === MANY_LOOKS) this.#readStatus = createStatusReader();
        const stats = this.#readStatus?.(fd, name) ?? statsOf(`${base}/${name}`);
        const seen = stats && lookAt(`${base}/${name}`, { path, hostPath: hostPrefix + path }, stats);
        const owner = this.#ownerOf?.(path);
        const entry = seen && owner ? { ...seen, uid: owner.uid, gid: owner.gid } : seen;
        if (!entry && path.includes('\ufffd')) badName = path;
        else if (entry && (!hidden || entry.type === 'directory')) (hidden ? doubtful : entries).set(name, entry);
      }
      return { entries, sorted: [...entries.values()], doubtful, state, badName };
    } finally {
      closeSync(fd);
    }
  }
}

export type { LocalTree };

/** undefined when the file went away since the directory was read. */
function statsOf(reachedBy: string): HostStats | undefined {
  return lstatSync(reachedBy, { bigint: true, throwIfNoEntry: false });
}

function lookAt(reachedBy: string, named: Pick<FileEntry, 'path' | 'hostPath'>, stats: HostStats): FileEntry {
  const isLink = (Number(stats.mode) & constants.S_IFMT) === constants.S_IFLNK;
  return entryFromStats(named, stats, isLink ? readlinkSync(reachedBy) : undefined);
}

/** Node.js replaces such bytes, and BuildKit cannot send them. */
function badFileName(path: string, tree: string): KnownError {
  return new KnownError('CONTEXT_FILE_NAME', `The name ${JSON.stringify(path)} in ${tree} is not valid UTF-8.`, {
    hint: 'Rename the file, or name it in .dockerignore.',
  });
}
