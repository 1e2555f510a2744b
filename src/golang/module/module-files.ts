import { closeSync, readFileSync } from 'node:fs';
import type { FileEntry, FileTree } from '../../context/file-tree.ts';
import { openEntry } from '../../context/open-entry.ts';
import { resolvePath } from '../../context/resolve-path.ts';
import { KnownError } from '../../diagnostics/known-error.ts';

/** How much of a module is read. Larger files are generated ones; a larger module is read in part. */
export interface ModuleLimits {
  readonly bytesPerFile: number;
  readonly bytesInAll: number;
  /** Names looked at, directories included. */
  readonly names: number;
}

export const MODULE_LIMITS: ModuleLimits = { bytesPerFile: 1 << 20, bytesInAll: 48 << 20, names: 200_000 };

/** Reads a module's files from any tree, and counts: beyond the limits nothing is there. Symlinks stay in the tree. */
export class ModuleFiles {
  readonly #tree: FileTree;
  readonly #limits: ModuleLimits;
  #bytes = 0;
  #names = 0;
  #isCut = false;

  constructor(tree: FileTree, limits: ModuleLimits) {
    this.#tree = tree;
    this.#limits = limits;
  }

  /** Something was left out because of a limit. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** undefined when nothing is there, or its links never end. */
  lookAt(path: string): FileEntry | undefined {
    try {
      return resolvePath(this.#tree, path).entry;
    } catch (error) {
      if (error instanceof KnownError && error.code === 'SYMLINK_LOOP') return undefined;
      throw error;
    }
  }

  isFile(path: string): boolean {
    return this.lookAt(path)?.type === 'file';
  }

  /** undefined when it is no file, or none that may be read whole. */
  readText(path: string): string | undefined {
    const entry = this.lookAt(path);
    if (entry?.type !== 'file') return undefined;
    if (entry.size > this.#limits.bytesPerFile || this.#bytes + entry.size > this.#limits.bytesInAll) {
      this.#isCut = true;
      return undefined;
    }
    this.#bytes += entry.size;
    return readEntry(entry);
  }

  /** What is in a directory, in order of name; symlinks as such. */
  list(path: string): readonly FileEntry[] {
    const tree = this.#tree;
    const entries = tree.list?.(path) ?? tree.readdir(path).flatMap((name) => tree.lstat(join(path, name)) ?? []);
    this.#names += entries.length;
    if (this.#names <= this.#limits.names) return entries;
    this.#isCut = true;
    return [];
  }

  /** A file itself, or files below a directory, `limit` at most; symlinks as they are. */
  filesBelow(path: string, limit: number): readonly string[] {
    const entry = this.lookAt(path);
    if (!entry) return [];
    if (entry.type !== 'directory') return [path];
    const found: string[] = [];
    const walk = (dir: string, depth: number): void => {
      for (const { path, type } of this.list(dir)) {
        if (found.length >= limit || depth > 40) return;
        if (type === 'directory') walk(path, depth + 1);
        else found.push(path);
      }
    };
    walk(path, 0);
    return found;
  }
}

function readEntry(entry: FileEntry): string | undefined {
  const fd = openEntry(entry);
  try {
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

export function join(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
