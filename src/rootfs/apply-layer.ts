/**
 * Unpacks a layer into an active snapshot (image-spec layer.md, "Applying Changesets"): what the layer removes gets overlayfs' form,
 * everything else is made as written, confined to the root as containerd confines it: parents are resolved as a process
 * with this root would, `..` ends at the root. Everything in a layer is hostile. What surprises: a whiteout only
 * concerns the layers below, wherever in the archive it stands.
 */
import { posix } from 'node:path';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';
import type { TarEntry } from '../image/tar/tar-entry.ts';
import { DiffWriter, parentOf } from './diff-writer.ts';
import type { WritableDifference } from './snapshot.ts';
import { attributesOf, writeEntry } from './write-entry.ts';

export interface ApplyLayerOptions {
  /** For messages: `layer sha256:…`. */
  readonly name?: string;
  readonly signal?: AbortSignal;
}

const WHITEOUT = '.wh.';
const OPAQUE_MARKER = '.wh..wh..opq';
/** Reserved by aufs, of no meaning to anybody else. */
const WHITEOUT_META = '.wh..wh.';

/** Of a path that is too long or leads in circles. */
const UNREACHABLE: readonly string[] = ['COPY_DESTINATION', 'SYMLINK_LOOP'];

/** What a damaged or hostile layer makes the kernel say; anything else (a full disk) is not the layer's fault. */
const LAYER_FAULTS: readonly string[] = ['ENAMETOOLONG', 'ENOTDIR', 'ENOENT', 'EINVAL', 'ELOOP', 'EISDIR', 'EMLINK'];

/**
 * Applies the entries in order. Afterwards the snapshot can be committed; when it throws, the snapshot is to be discarded.
 * @throws KnownError LAYER_CORRUPT for what cannot be unpacked.
 */
export async function applyLayer(
  active: WritableDifference,
  entries: AsyncIterable<TarEntry>,
  options: ApplyLayerOptions = {},
): Promise<void> {
  const layer = new LayerApplier(active);
  for await (const entry of entries) {
    options.signal?.throwIfAborted();
    try {
      const content = layer.apply(entry);
      if (content) await content;
    } catch (error) {
      throw explain(error, entry, options.name ?? 'the layer');
    }
  }
  layer.finish();
}

function explain(error: unknown, entry: TarEntry, layer: string): unknown {
  const path = stripControl(entry.path.slice(0, 200));
  if (error instanceof KnownError && !UNREACHABLE.includes(error.code)) return error;
  if (!(error instanceof KnownError) && !LAYER_FAULTS.includes(systemErrorCode(error) ?? '')) return error;
  return new KnownError('LAYER_CORRUPT', `"${path}" in ${stripControl(layer)} cannot be unpacked: ${reason(error)}.`, {
    hint: 'The image is damaged or was made to do harm; pull it again from a source you trust.',
    cause: error,
  });
}

function reason(error: unknown): string {
  return systemErrorCode(error) ?? 'its path leads nowhere';
}

class LayerApplier {
  readonly #writer: DiffWriter;
  /** Folders as written to where they lie. */
  readonly #resolved = new Map<string, string>();

  constructor(active: WritableDifference) {
    this.#writer = new DiffWriter(active);
  }

  /** Returns a promise only for content that has to be waited for. */
  apply(entry: TarEntry): Promise<void> | undefined {
    const written = posix.normalize(`/${entry.path}`).replace(/^\/+|\/+$/g, '');
    if (written === '') return undefined;
    const folder = this.#folder(parentOf(written));
    const name = posix.basename(written);
    const path = folder === '' ? name : `${folder}/${name}`;
    if (name.startsWith(WHITEOUT)) {
      this.#applyWhiteout(folder, name);
      return undefined;
    }
    return this.#applyEntry(entry, path);
  }

  finish(): void {
    this.#writer.finish();
  }

  #applyWhiteout(folder: string, name: string): void {
    if (name === OPAQUE_MARKER) this.#writer.hideContentsBelow(folder);
    else if (!name.startsWith(WHITEOUT_META)) {
      const hidden = name.slice(WHITEOUT.length);
      if (['', '.', '..'].includes(hidden)) throw Object.assign(new Error('EINVAL: whiteout'), { code: 'EINVAL' });
      this.#writer.hideBelow(folder === '' ? hidden : `${folder}/${hidden}`);
    }
    this.#resolved.clear();
  }

  #applyEntry(entry: TarEntry, path: string): Promise<void> | undefined {
    const replaces = entry.type === 'symlink' || (entry.type === 'directory' && !this.#isDirectory(path));
    const content = writeEntry(this.#writer, entry, {
      path,
      attributes: attributesOf(entry),
      existing: entry.type === 'link' ? this.#linkTarget(entry) : undefined,
    });
    // A link or a directory may have taken the place of what a folder led through.
    if (replaces) this.#resolved.clear();
    return content;
  }

  #isDirectory(path: string): boolean {
    return this.#writer.lstat(path)?.type === 'directory';
  }

  /** The target's parents are resolved, itself it is not. */
  #linkTarget(entry: TarEntry): string {
    return this.#writer.resolve(posix.normalize(`/${entry.linkTarget ?? ''}`), { followLast: false });
  }

  /** Where the folder of an entry lies; made when no entry of the layer made it. */
  #folder(written: string): string {
    const known = this.#resolved.get(written);
    if (known !== undefined) return known;
    const folder = this.#writer.resolve(written);
    this.#makeFolder(folder);
    this.#resolved.set(written, folder);
    return folder;
  }

  /** From the top down: a path of 2,000 names is looked through once. */
  #makeFolder(path: string): void {
    for (let end = path.indexOf('/'); path !== ''; end = path.indexOf('/', end + 1)) {
      const each = end < 0 ? path : path.slice(0, end);
      const there = this.#writer.lstat(each);
      if (!there) this.#writer.mkdir(each, { uid: 0, gid: 0, mode: 0o755 });
      else if (there.type !== 'directory') throw Object.assign(new Error(`ENOTDIR: '${each}'`), { code: 'ENOTDIR' });
      if (end < 0) return;
    }
  }
}
