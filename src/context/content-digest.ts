import { createHash, hash } from 'node:crypto';
import type { ContentManifest, ManifestEntry } from './content-manifest.ts';
import type { FileDigests } from './file-digests.ts';
import type { FileEntry, FileTree } from './file-tree.ts';
import { FileHasher } from './hash-file.ts';
import type { FileSelection } from './select-files.ts';

export interface ContentDigestOptions {
  readonly digests: FileDigests;
  /** Of a directory that a source names only what is below it counts, not its own mode, owners and attributes. */
  readonly contentsOnly?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ContentDigest {
  /** `sha256:<hex>` of what was selected. */
  readonly digest: `sha256:${string}`;
  /** Put together when somebody asks: a build in which nothing changed does not. */
  readonly manifest: ContentManifest;
  /** Selected entries and the bytes of the files among them. */
  readonly entryCount: number;
  readonly sizeBytes: number;
}

/** The clock is looked at once in so many entries. */
const ENTRIES_PER_LOOK = 16;

/** Hex digits that a manifest keeps of a file's sha256; the digest of the selection has them all. */
const MANIFEST_DIGITS = 32;

/**
 * Digest of the selected files: names below the sources, type, mode, owners, size, contents, link targets, device
 * numbers and extended attributes; never times, inodes or the order in which a directory lists its names. Where the
 * files lie in the tree takes no part, what is called how in the destination does. Saving `digests` is the caller's.
 * @throws KnownError CONTEXT_CHANGED, PERMISSION_DENIED; the signal's reason.
 */
export async function contentDigest(
  tree: FileTree,
  selections: readonly FileSelection[],
  options: ContentDigestOptions,
): Promise<ContentDigest> {
  const state = new DigestState(tree, new FileHasher(options.digests, options.signal));
  for (const { matches } of selections) {
    state.separate('selection');
    for (const { source, name, isDirectory, entries } of matches) {
      state.separate('source');
      if (isDirectory && options.contentsOnly) state.separate('directory');
      else await state.add(source, isDirectory ? '' : name);
      for (const { entry, relativePath } of entries) {
        // Awaiting only what is slow: a promise for each of 20,000 files would cost more than the files.
        const slow = state.add(entry, relativePath);
        if (slow) await slow;
      }
    }
  }
  return state.result();
}

class DigestState {
  readonly #tree: FileTree;
  readonly #hasher: FileHasher;
  readonly #digest = createHash('sha256');
  readonly #entries: FileEntry[] = [];
  /** By index of the entries. */
  readonly #contents: string[] = [];
  #text = '';
  #sizeBytes = 0;

  constructor(tree: FileTree, hasher: FileHasher) {
    this.#tree = tree;
    this.#hasher = hasher;
  }

  separate(what: string): void {
    this.#text += `${what}\n`;
  }

  /** Adds an entry; a promise when something was slow or the event loop is due. */
  add(entry: FileEntry, name: string): Promise<void> | undefined {
    const contents = entry.type === 'file' ? this.#hasher.hash(entry) : '';
    const mayYield = this.#entries.length % ENTRIES_PER_LOOK === 0 && this.#hasher.isDue;
    if (typeof contents === 'string' && !mayYield) {
      this.#record(entry, name, contents);
      return undefined;
    }
    return this.#addSlowly(entry, name, contents);
  }

  async #addSlowly(entry: FileEntry, name: string, contents: string | Promise<string>): Promise<void> {
    this.#record(entry, name, await contents);
    await this.#hasher.yield();
  }

  result(): ContentDigest {
    this.#flush();
    let manifest: ContentManifest | undefined;
    const makeManifest = (): ContentManifest => {
      manifest ??= this.#manifest();
      return manifest;
    };
    return {
      digest: `sha256:${this.#digest.digest('hex')}`,
      get manifest() {
        return makeManifest();
      },
      entryCount: this.#entries.length,
      sizeBytes: this.#sizeBytes,
    };
  }

  #manifest(): ContentManifest {
    const manifest = new Map<string, ManifestEntry>();
    for (const [index, entry] of this.#entries.entries()) {
      const contents = (this.#contents[index] as string).slice(0, MANIFEST_DIGITS);
      manifest.set(entry.path, { digest: `${this.#metadata(entry)}${contents}`, sizeBytes: entry.size });
    }
    return manifest;
  }

  #record(entry: FileEntry, name: string, contents: string): void {
    const metadata = this.#metadata(entry);
    // Lengths in front keep one field from being read as part of another.
    this.#text += `${name.length}:${name}${metadata.length}:${metadata}${contents}\n`;
    if (this.#text.length > 1 << 16) this.#flush();
    this.#entries.push(entry);
    this.#contents.push(contents);
    this.#sizeBytes += entry.size;
  }

  #metadata(entry: FileEntry): string {
    const { type, mode, uid, gid, size, linkTarget, rdev } = entry;
    let metadata = `${type} ${mode.toString(8)} ${uid}:${gid} ${size} `;
    if (linkTarget !== undefined) metadata += `${hash('sha256', linkTarget, 'hex')} `;
    if (rdev) metadata += `${rdev.major}:${rdev.minor} `;
    const xattrs = this.#tree.xattrs(entry);
    return xattrs.size === 0 ? metadata : `${metadata}${xattrDigest(xattrs)} `;
  }

  #flush(): void {
    this.#digest.update(this.#text);
    this.#text = '';
  }
}

function xattrDigest(xattrs: ReadonlyMap<string, Buffer>): string {
  const sorted = [...xattrs].sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha256', JSON.stringify(sorted.map(([name, value]) => [name, value.toString('hex')])), 'hex');
}
