import type { FileEntry, FileTree } from '../../context/file-tree.ts';
import type { SelectedSource } from '../../context/select-files.ts';
import type { TarEntry } from '../../image/tar/tar-entry.ts';
import { parentOf } from '../../rootfs/diff-writer.ts';
import type { NewAttributes, PutOptions, RootWriter } from '../../rootfs/root-writer.ts';
import type { CopyOp } from '../graph/op.ts';
import type { Chmod } from './chmod.ts';
import { clampTime } from './clamp-time.ts';

const NEW_DIRECTORY_MODE = 0o755;
const NEW_FILE_MODE = 0o644;
/** Entries written between two looks at the signal and the event loop. */
const BATCH = 512;

export interface CopyDestinationOptions {
  readonly op: Pick<CopyOp, 'destination' | 'parents' | 'epochSeconds'>;
  /** --chown; undefined keeps each source's own. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  readonly chmod: Chmod | undefined;
}

/**
 * Where the sources of one COPY land, as in BuildKit: a directory's contents go into the destination, which is made with
 * mode 0755 and takes the directory's time; a file goes to the destination itself, or below it when it ends in a slash or is a
 * directory. Missing parents get the owner and, when it is a number, the mode that were asked for.
 */
export class CopyDestination {
  readonly #writer: RootWriter;
  readonly #options: CopyDestinationOptions;

  constructor(writer: RootWriter, options: CopyDestinationOptions) {
    this.#writer = writer;
    this.#options = options;
  }

  get writer(): RootWriter {
    return this.#writer;
  }

  /** Path of the directory that the destination names, made when it is missing. */
  directory(): string {
    return this.#writer.mkdirAll(this.#options.op.destination, this.#newDirectory());
  }

  /** Unpacks an archive into the directory that the destination names. --chmod has no part in it. */
  async unpack(
    entries: AsyncIterable<TarEntry>,
    options: { readonly name: string; readonly signal: AbortSignal },
  ): Promise<void> {
    const { owner, op } = this.#options;
    const into = this.#writer.mkdirAll(op.destination, {
      mode: NEW_DIRECTORY_MODE,
      ...owner,
      mtimeNs: this.#time(undefined),
    });
    await this.#writer.unpack(entries, { ...options, into, owner });
  }

  putInline(fileName: string, content: string): void {
    const path = this.#filePath(fileName);
    const mode = this.#options.chmod?.(NEW_FILE_MODE, 'file') ?? NEW_FILE_MODE;
    this.#writer.putInline(path, content, { mode, ...this.#options.owner, mtimeNs: this.#time(undefined) });
  }

  async putMatch(tree: FileTree, match: SelectedSource, signal: AbortSignal): Promise<void> {
    if (match.isDirectory) await this.#putDirectory(tree, match, signal);
    else this.#put(tree, match.source, this.#filePath(match.name), new Map());
  }

  /** Sets what can only be set at the end; nothing is written afterwards. */
  finish(): void {
    this.#writer.finish();
  }

  async #putDirectory(tree: FileTree, match: SelectedSource, signal: AbortSignal): Promise<void> {
    const target = this.directory();
    // Without a pivot it is the root that --parents copies from, whose time says nothing.
    if (!this.#options.op.parents || match.source.path !== '')
      this.#writer.putDirectory(tree, match.source, target, this.#attributes(match.source));
    const links = new Map<string, string>();
    let count = 0;
    for (const { entry, relativePath, isOnTheWay } of match.entries) {
      const path = target === '' ? relativePath : `${target}/${relativePath}`;
      // BuildKit gives a directory that is there the mode of one on the way, and nothing else.
      if (isOnTheWay) this.#writer.putDirectory(tree, entry, path, { ...this.#attributes(entry), overwrite: 'mode' });
      else this.#put(tree, entry, path, links);
      if (++count % BATCH === 0) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        signal.throwIfAborted();
      }
    }
  }

  #put(tree: FileTree, entry: FileEntry, path: string, links: Map<string, string>): void {
    const attributes = this.#attributes(entry);
    switch (entry.type) {
      case 'directory':
        this.#writer.putDirectory(tree, entry, path, { ...attributes, overwrite: true });
        break;
      case 'file':
        this.#writer.putFile(tree, entry, path, { ...attributes, links });
        break;
      case 'symlink':
        this.#writer.putSymlink(tree, entry, path, attributes);
        break;
      default:
        this.#writer.putNode(tree, entry, path, attributes);
    }
  }

  /** The path of a single file: the destination, or a name in it when that is a directory. */
  #filePath(name: string): string {
    const { destination } = this.#options.op;
    const resolved = this.#writer.resolve(destination);
    const isDirectory = destination.endsWith('/') || this.#writer.lstat(resolved)?.type === 'directory';
    const parent = isDirectory ? destination : destination.slice(0, destination.lastIndexOf('/') + 1);
    const directory = this.#writer.mkdirAll(parent, this.#newDirectory());
    if (!isDirectory) return this.#withParents(this.#writer.resolve(destination));
    // A symlink of that name in the directory is replaced.
    return directory === '' ? name : `${directory}/${name}`;
  }

  /** A symlink may lead to where there is not even a directory yet. */
  #withParents(path: string): string {
    this.#writer.mkdirAll(parentOf(path), this.#newDirectory());
    return path;
  }

  #newDirectory(): NewAttributes {
    const mode = this.#options.chmod?.(NEW_DIRECTORY_MODE, 'parent') ?? NEW_DIRECTORY_MODE;
    return { mode, ...this.#options.owner, mtimeNs: this.#time(undefined) };
  }

  #attributes(entry: FileEntry): PutOptions {
    const mode = this.#options.chmod?.(entry.mode, entry.type === 'directory' ? 'directory' : 'file');
    return { ...this.#options.owner, ...(mode === undefined ? {} : { mode }), mtimeNs: this.#time(entry.mtimeNs) };
  }

  #time(mtimeNs: bigint | undefined): bigint | undefined {
    return clampTime(this.#options.op.epochSeconds, mtimeNs);
  }
}
