/**
 * Writes files into an active snapshot as COPY, ADD and WORKDIR do: confined to the root, on top of what its parents show, owners
 * and times as asked. It knows what may replace what, not which files are to be copied. What surprises: existing
 * parent directories keep their mtime, so that the same files make the same layer whenever they are copied; and
 * `finish` must be called at the end.
 */
import type { FileEntry, FileTree } from '../context/file-tree.ts';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';
import type { Digest } from '../image/digest.ts';
import type { TarEntry } from '../image/tar/tar-entry.ts';
import { type ApplyArchiveOptions, applyArchive } from './apply-archive.ts';
import { copyContent, writeContent } from './copy-content.ts';
import { DiffWriter, parentOf } from './diff-writer.ts';
import type { Attributes } from './entry-attributes.ts';
import type { WritableDifference } from './snapshot.ts';

/** What of a source's own attributes is replaced. */
export interface PutOptions {
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** Not applied to symlinks. */
  readonly mode?: number | undefined;
  readonly mtimeNs?: bigint | undefined;
}

export interface PutFileOptions extends PutOptions {
  /** Compute the sha256 of the content while it is copied. */
  readonly digest?: boolean;
  /**
   * Where names of one file (`FileEntry.hardLink`) are remembered: files put with the same map stay hard links of
   * each other. BuildKit keeps them within one source of one COPY.
   */
  readonly links?: Map<string, string>;
}

/** Of what is made without a source. Root's, and now, when not told. */
export interface NewAttributes {
  readonly mode: number;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly mtimeNs?: bigint | undefined;
}

export class RootWriter {
  readonly #writer: DiffWriter;

  constructor(active: WritableDifference) {
    this.#writer = new DiffWriter(active);
  }

  /** What is at a path now, what was written included; symlinks are not followed. */
  lstat(path: string): FileEntry | undefined {
    return this.#writer.lstat(path);
  }

  /** Where a path leads inside the root, symlinks followed, whether it exists or not. Every other method wants such a path. */
  resolve(path: string, options?: { readonly followLast?: boolean }): string {
    return this.#writer.resolve(path, options);
  }

  /**
   * Makes a directory and its missing parents, all with these attributes; what is there stays as it is. Symlinks are
   * followed inside the root. Returns where it lies.
   * @throws KnownError COPY_DESTINATION when something on the way is no directory, SYMLINK_LOOP.
   */
  mkdirAll(path: string, attributes: NewAttributes): string {
    const resolved = this.resolve(path);
    const parts = resolved.split('/');
    for (let depth = 1; depth <= parts.length && resolved !== ''; depth++) {
      const each = parts.slice(0, depth).join('/');
      const there = this.#writer.lstat(each);
      if (!there) this.#writer.mkdir(each, complete(attributes));
      else if (there.type !== 'directory') throw conflict(each, 'is not a directory');
    }
    return resolved;
  }

  /**
   * Copies a regular file with its xattrs over whatever is at `path` but a directory. Returns the content's digest when it was
   * asked for.
   * @throws KnownError COPY_DESTINATION when a directory is there or the parent is none.
   */
  putFile(tree: FileTree, source: FileEntry, path: string, options: PutFileOptions = {}): Digest | undefined {
    const first = source.hardLink === undefined ? undefined : options.links?.get(source.hardLink);
    if (first !== undefined && first !== path) {
      this.#place(path, () => this.#writer.link(first, path));
      return undefined;
    }
    if (source.hardLink !== undefined) options.links?.set(source.hardLink, path);
    const digest = this.#place(path, () => this.#writer.create(path, (host) => copyContent(source, host, options)));
    this.#writer.setAttributes(path, 'file', copied(tree, source, options));
    return digest;
  }

  /** @throws KnownError COPY_DESTINATION when a directory is there or the parent is none. */
  putSymlink(tree: FileTree, source: FileEntry, path: string, options: PutOptions = {}): void {
    this.#place(path, () =>
      this.#writer.symlink(path, source.linkTarget ?? '', copied(tree, source, { ...options, mode: 0o777 })),
    );
  }

  /** A device or a pipe. A socket becomes an empty file, as with BuildKit. */
  putNode(tree: FileTree, source: FileEntry, path: string, options: PutOptions = {}): void {
    const attributes = copied(tree, source, options);
    if (source.type === 'char' || source.type === 'block' || source.type === 'fifo') {
      const { type, rdev } = source;
      this.#place(path, () => this.#writer.node(path, type, { ...attributes, ...(rdev && { rdev }) }));
    } else {
      this.#putContent(path, '', attributes);
    }
  }

  /**
   * Makes a directory like `source`, or merges into the one that is there: with `overwrite` that one gets the source's
   * owner, mode, time and xattrs, with `overwrite: 'mode'` its mode alone, else it keeps everything but, as with BuildKit,
   * takes the source's time.
   * Returns whether it was made.
   * @throws KnownError COPY_DESTINATION when something else is there.
   */
  putDirectory(
    tree: FileTree,
    source: FileEntry,
    path: string,
    options: PutOptions & { readonly overwrite?: boolean | 'mode' } = {},
  ): boolean {
    const there = this.#writer.lstat(path);
    const attributes = copied(tree, source, options);
    if (!there) {
      this.#place(path, () => this.#writer.mkdir(path, attributes));
      return true;
    }
    if (there.type !== 'directory') throw conflict(path, 'is not a directory, and a directory is to be copied there');
    this.#writer.openDirectory(path);
    if (options.overwrite === 'mode') this.#writer.setDirectoryMode(path, source.mode);
    else if (options.overwrite) this.#writer.setAttributes(path, 'directory', attributes);
    else if (attributes.mtimeNs !== undefined) this.#writer.setDirectoryMtime(path, attributes.mtimeNs);
    return false;
  }

  /** A file with this content. @throws KnownError COPY_DESTINATION as `putFile`. */
  putInline(path: string, content: string | Uint8Array, attributes: NewAttributes): void {
    this.#putContent(path, content, complete(attributes));
  }

  /**
   * Unpacks an archive into a directory that is there; see `applyArchive`.
   * @throws KnownError ARCHIVE_INVALID.
   */
  unpack(entries: AsyncIterable<TarEntry>, options: ApplyArchiveOptions): Promise<void> {
    return applyArchive(this.#writer, entries, options);
  }

  /** Removes what is at a path, directories with all that is in them. Nothing happens when nothing is there. */
  remove(path: string): void {
    this.#writer.remove(path);
  }

  /** Sets what can only be set at the end (modes and times of directories). Nothing may be written afterwards. */
  finish(): void {
    this.#writer.finish();
  }

  #putContent(path: string, content: string | Uint8Array, attributes: Attributes): void {
    this.#place(path, () => this.#writer.create(path, (host) => writeContent(host, content)));
    this.#writer.setAttributes(path, 'file', attributes);
  }

  #place<T>(path: string, action: () => T): T {
    if (this.#writer.lstat(path)?.type === 'directory')
      throw conflict(path, 'is a directory and cannot be replaced by a file');
    try {
      return action();
    } catch (error) {
      if (systemErrorCode(error) === 'ENOTDIR') throw conflict(parentOf(path), 'is not a directory', error);
      throw error;
    }
  }
}

function complete(attributes: NewAttributes): Attributes {
  return { ...attributes, uid: attributes.uid ?? 0, gid: attributes.gid ?? 0 };
}

function copied(tree: FileTree, source: FileEntry, options: PutOptions): Attributes {
  return {
    uid: options.uid ?? source.uid,
    gid: options.gid ?? source.gid,
    mode: options.mode ?? source.mode,
    mtimeNs: options.mtimeNs ?? source.mtimeNs,
    xattrs: tree.xattrs(source),
  };
}

function conflict(path: string, problem: string, cause?: unknown): KnownError {
  return new KnownError('COPY_DESTINATION', `"/${stripControl(path)}" ${problem}.`, {
    hint: 'Choose another destination, or remove what is there in an earlier step.',
    cause,
  });
}
