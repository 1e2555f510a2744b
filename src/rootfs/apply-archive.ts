/**
 * Unpacks an archive into a directory of the root as ADD does. Everything in an archive is hostile, and the directory is
 * its root: absolute links start there, and what would leave it is refused. What surprises: nothing in it removes files
 * of earlier layers (`.wh.` names are names like any other), the directory keeps its own owner and mode whatever the
 * archive says of `./`, and folders that no member names belong to root even under --chown.
 */
import { posix } from 'node:path';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';
import type { TarEntry } from '../image/tar/tar-entry.ts';
import { type DiffWriter, parentOf } from './diff-writer.ts';
import type { Attributes } from './entry-attributes.ts';
import { attributesOf, writeEntry } from './write-entry.ts';

export interface ApplyArchiveOptions {
  /** A directory that is there, as in `FileEntry.path`. */
  readonly into: string;
  /** Of every member; their own unless given. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
  /** For messages: `"vendor.tar.gz"`. */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
}

/** PATH_MAX: no longer path can be made. */
const MAX_PATH = 4096;
/** As in the kernel (path_resolution(7)). */
const MAX_LINKS = 40;
/** What a damaged or hostile archive makes the kernel say; anything else (a full disk) is not its fault. */
const FAULTS: ReadonlyMap<string, string> = new Map([
  ['ENAMETOOLONG', 'its name is too long'],
  ['ENOTDIR', 'a file is in the place of its folder'],
  ['ENOENT', 'it is a link to nothing'],
  ['EINVAL', 'it is of no known kind'],
  ['EISDIR', 'it is a link to a directory'],
  ['EMLINK', 'it has too many names'],
]);

/**
 * Makes the members in order; the writer is finished by the caller.
 * @throws KnownError ARCHIVE_INVALID for what cannot be unpacked.
 */
export async function applyArchive(
  writer: DiffWriter,
  entries: AsyncIterable<TarEntry>,
  options: ApplyArchiveOptions,
): Promise<void> {
  const applier = new ArchiveApplier(writer, options);
  for await (const entry of entries) {
    options.signal?.throwIfAborted();
    try {
      const content = applier.apply(entry);
      if (content) await content;
    } catch (error) {
      throw explain(error, entry, options.name);
    }
  }
}

class ArchiveApplier {
  readonly #writer: DiffWriter;
  readonly #options: ApplyArchiveOptions;
  /** Folders as written, and all above them, to where they lie. */
  readonly #folders = new Map<string, string>();

  constructor(writer: DiffWriter, options: ApplyArchiveOptions) {
    this.#writer = writer;
    this.#options = options;
  }

  /** Returns a promise only for content that has to be waited for. */
  apply(entry: TarEntry): Promise<void> | undefined {
    const written = inside(entry.path);
    if (written === '') return undefined;
    const path = join(this.#folder(parentOf(written)), posix.basename(written));
    const known = this.#folders.get(written);
    const content = writeEntry(this.#writer, entry, {
      path,
      attributes: this.#attributes(entry),
      existing: entry.type === 'link' ? this.#linkTarget(entry.linkTarget ?? '') : undefined,
    });
    // What a folder led through may have been replaced; a directory that stays where it is has not.
    if (known !== undefined && !(entry.type === 'directory' && known === path)) this.#folders.clear();
    return content;
  }

  #attributes(entry: TarEntry): Attributes {
    const attributes = attributesOf(entry);
    const { mtimeNs } = attributes;
    // Before 1970 there is nothing for BuildKit.
    return { ...attributes, ...this.#options.owner, ...(mtimeNs !== undefined && mtimeNs < 0n && { mtimeNs: 0n }) };
  }

  /** The target's parents are resolved, itself it is not. */
  #linkTarget(target: string): string {
    const written = inside(target);
    return join(this.#folder(parentOf(written)), posix.basename(written));
  }

  /** Where a folder lies; made when no member made it. */
  #folder(written: string): string {
    if (written === '') return this.#options.into;
    const known = this.#folders.get(written);
    if (known !== undefined) return known;
    const folder = this.#walk(this.#folder(parentOf(written)), posix.basename(written));
    this.#folders.set(written, folder);
    return folder;
  }

  /** Where a name in a folder leads, symlinks followed inside of the archive's root. */
  #walk(folder: string, name: string): string {
    const pending = [name];
    let path = folder;
    let links = 0;
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (next === '' || next === '.') continue;
      if (next === '..') {
        if (path === this.#options.into) throw fault('its path leads out of the archive');
        path = parentOf(path);
        continue;
      }
      const target = this.#enter(join(path, next));
      if (target === undefined) {
        path = join(path, next);
        continue;
      }
      if (++links > MAX_LINKS || target.length > MAX_PATH) throw fault('its path leads through too many symlinks');
      if (target.startsWith('/')) path = this.#options.into;
      pending.push(...target.split('/').reverse());
    }
    return path;
  }

  /** Makes sure that a directory is at a path; the target when it is a symlink. */
  #enter(path: string): string | undefined {
    const there = this.#writer.lstat(path);
    if (there?.type === 'symlink') return there.linkTarget;
    if (!there) this.#writer.mkdir(path, { uid: 0, gid: 0, mode: 0o755 });
    else if (there.type !== 'directory') throw fault('a file is in the place of its folder');
    return undefined;
  }
}

class ArchiveFault extends Error {}

function fault(reason: string): ArchiveFault {
  return new ArchiveFault(reason);
}

/** A member's or a link's path without what means nothing; '' is the archive's root. */
function inside(path: string): string {
  const clean = posix.normalize(path).replace(/^\/+|\/+$/g, '');
  if (clean === '..' || clean.startsWith('../')) throw fault('its path leads out of the archive');
  if (clean.length > MAX_PATH) throw fault('its path is too long');
  return clean === '.' ? '' : clean;
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function explain(error: unknown, entry: TarEntry, archive: string): unknown {
  if (error instanceof KnownError) return error;
  const reason = error instanceof ArchiveFault ? error.message : FAULTS.get(systemErrorCode(error) ?? '');
  if (reason === undefined) return error;
  const path = JSON.stringify(stripControl(entry.path.slice(0, 200)));
  return new KnownError('ARCHIVE_INVALID', `${path} in ${stripControl(archive)} cannot be unpacked: ${reason}.`, {
    hint: 'The archive is damaged or was made to do harm; list it with "tar -tvf" before you trust it.',
    cause: error,
  });
}
