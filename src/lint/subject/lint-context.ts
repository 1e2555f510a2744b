import { closeSync, readFileSync } from 'node:fs';
import { type ContextFiles, filesOfTree } from '../../context/context-files.ts';
import type { FileEntry } from '../../context/file-tree.ts';
import { type LocalTree, openLocalTree } from '../../context/local-tree.ts';
import { openEntry } from '../../context/open-entry.ts';
import type { PatternMatcher } from '../../context/pattern/pattern-matcher.ts';
import { readIgnoreFile } from '../../context/read-ignore-file.ts';
import { resolvePath } from '../../context/resolve-path.ts';
import { KnownError } from '../../diagnostics/known-error.ts';
import type { GoModule } from '../../golang/module/go-module.ts';
import { readGoModule } from '../../golang/module/read-go-module.ts';

/** More names than this are not looked at: rules speak of what a person put there. */
const MOST_FILES = 50_000;
/** Larger files are not read for what they say. */
const MOST_BYTES = 1024 * 1024;

const NO_FILES: ContextFiles = { files: [], bytes: 0, hidden: [], isCut: true };

/**
 * The build context as rules see it. Everything is read when it is first asked for, and once; nothing outside of the
 * directory is read, whatever its links say.
 */
export class LintContext {
  readonly dir: string;
  readonly #dockerfile: string | undefined;
  #files: ContextFiles | undefined;
  #ignore: { readonly matcher?: PatternMatcher | undefined; readonly error?: KnownError } | undefined;
  #tree: LocalTree | undefined;
  #wholeTree: LocalTree | undefined;
  readonly #modules = new Map<string, { readonly module: GoModule | undefined }>();

  /** `dockerfile` is its path, for an ignore file of its own. */
  constructor(dir: string, dockerfile?: string) {
    this.dir = dir;
    this.#dockerfile = dockerfile;
  }

  /** What a build can see, sizes included, up to a bound. */
  get files(): ContextFiles {
    this.#files ??= this.#readFiles();
    return this.#files;
  }

  /** Why the ignore file cannot be read. Nothing is hidden then, and `files` is empty. */
  get ignoreError(): KnownError | undefined {
    this.#ignore ??= this.#readIgnore();
    return this.#ignore.error;
  }

  /** The patterns in force; undefined when there is no ignore file, or none that can be read. */
  get ignore(): PatternMatcher | undefined {
    this.#ignore ??= this.#readIgnore();
    return this.#ignore.matcher;
  }

  /** What a build can see. */
  get tree(): LocalTree {
    const { ignore } = this;
    this.#tree ??= ignore ? openLocalTree(this.dir, { name: 'the build context', ignore }) : this.wholeTree;
    return this.#tree;
  }

  /** What is there, hidden or not. */
  get wholeTree(): LocalTree {
    this.#wholeTree ??= openLocalTree(this.dir, { name: 'the build context' });
    return this.#wholeTree;
  }

  /** The text of a file, hidden or not; undefined where there is none, or one too large to be read. */
  readText(path: string): string | undefined {
    const entry = this.#entryAt(path);
    if (entry?.type !== 'file' || entry.size > MOST_BYTES) return undefined;
    const fd = openEntry(entry);
    try {
      return readFileSync(fd, 'utf8');
    } finally {
      closeSync(fd);
    }
  }

  /**
   * The Go module in a folder of the context, '' its root, as a build sees it; undefined where there is none, or it
   * cannot be read.
   */
  goModule(folder = ''): GoModule | undefined {
    const known = this.#modules.get(folder);
    if (known) return known.module;
    const module = this.#readModule(folder);
    this.#modules.set(folder, { module });
    return module;
  }

  #readModule(folder: string): GoModule | undefined {
    try {
      const entry = folder === '' ? undefined : this.#entryAt(folder);
      if (folder !== '' && entry?.type !== 'directory') return undefined;
      return readGoModule(entry ? openLocalTree(entry.hostPath, { name: folder }) : this.tree);
    } catch (error) {
      if (error instanceof KnownError) return undefined;
      throw error;
    }
  }

  #entryAt(path: string): FileEntry | undefined {
    try {
      return resolvePath(this.wholeTree, path).entry;
    } catch (error) {
      if (error instanceof KnownError) return undefined;
      throw error;
    }
  }

  /** Nothing, where something in the directory may not be read. */
  #readFiles(): ContextFiles {
    try {
      if (this.ignoreError) return NO_FILES;
      return filesOfTree(this.tree, { ignore: this.ignore, limit: MOST_FILES });
    } catch (error) {
      if (error instanceof KnownError) return NO_FILES;
      throw error;
    }
  }

  #readIgnore(): { readonly matcher?: PatternMatcher | undefined; readonly error?: KnownError } {
    try {
      return { matcher: readIgnoreFile(this.dir, this.#dockerfile) };
    } catch (error) {
      if (error instanceof KnownError) return { error };
      throw error;
    }
  }
}
