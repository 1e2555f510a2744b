/**
 * What content digests of keys were made of: a manifest a digest under `cache/manifests/<first two hex>/<hex>`, so that a
 * later build can say which files changed. Written once, compressed beside the build's other work; nothing waits for it
 * but `flush`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { constants, deflateRaw, inflateRawSync } from 'node:zlib';
import type { ContentManifest } from '../../context/content-manifest.ts';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import { type Digest, digestHex, isDigest } from '../../image/digest.ts';
import { writeFileAtomic } from '../../system/write-file-atomic.ts';
import { manifestText } from './manifest-text.ts';

/** No context has a manifest larger than this; a file that claims to is damaged. */
const MANIFEST_LIMIT = 1 << 28;
const YOUNG_MS = 86_400_000;

export class ManifestStore {
  readonly #dir: string;
  /** What is on its way to the disk; asked for all the same. */
  readonly #writing = new Map<string, { readonly text: string; readonly done: Promise<void> }>();

  /** `dir` is the store's `cache/`. */
  constructor(dir: string) {
    this.#dir = join(dir, 'manifests');
  }

  /** One look at the disk when the manifest is there already; only else it is asked for. */
  keep(digest: Digest, manifest: () => ContentManifest): void {
    const path = this.#path(digest);
    if (this.#writing.has(path) || existsSync(path)) return;
    const text = manifestText(manifest());
    this.#writing.set(path, { text, done: write(path, text) });
  }

  /** Waits for what is being written. A manifest that could not be written is one explanation less, and no failure. */
  async flush(): Promise<void> {
    await Promise.allSettled([...this.#writing.values()].map(({ done }) => done));
  }

  /** See manifest-text.ts; undefined when none was kept, or it was dropped since. */
  get(digest: string): string | undefined {
    if (!isDigest(digest)) return undefined;
    const path = this.#path(digest);
    const pending = this.#writing.get(path);
    if (pending) return pending.text;
    try {
      return inflateRawSync(readFileSync(path), { maxOutputLength: MANIFEST_LIMIT }).toString();
    } catch (error) {
      const code = systemErrorCode(error) ?? '';
      if (code === 'ENOENT' || code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE') return undefined;
      throw error;
    }
  }

  /** Removes what is not named, unless it is so young that a running build may be about to name it. */
  retain(digests: ReadonlySet<string>): void {
    const limitMs = Date.now() - YOUNG_MS;
    for (const hex of readdirSync(this.#dir, { recursive: true, encoding: 'utf8' }).map((path) => basename(path))) {
      const digest = `sha256:${hex}`;
      if (!isDigest(digest) || digests.has(digest)) continue;
      const path = this.#path(digest);
      if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? limitMs) < limitMs) rmSync(path, { force: true });
    }
  }

  #path(digest: Digest): string {
    const hex = digestHex(digest);
    return join(this.#dir, hex.slice(0, 2), hex);
  }
}

async function write(path: string, text: string): Promise<void> {
  const bytes = await promisify(deflateRaw)(text, { level: constants.Z_BEST_SPEED });
  mkdirSync(dirname(path), { recursive: true });
  writeFileAtomic(path, bytes, { durable: false });
}
