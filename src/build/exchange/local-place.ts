import { createReadStream, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import { explainWriteError } from '../../distribution/write-output.ts';
import { digestOf, verifyStream } from '../../image/compression/verify-stream.ts';
import type { Descriptor } from '../../image/descriptor.ts';
import type { Digest } from '../../image/digest.ts';
import { MEDIA_TYPE } from '../../image/media-type.ts';
import { MAX_MANIFEST_BYTES, manifestMediaType, parseIndex, parseManifest } from '../../image/parse-manifest.ts';
import { BlobStore } from '../../image/store/blob-store.ts';
import { ANNOTATION } from '../../image/store/image-layout.ts';
import { writeFileAtomic } from '../../system/write-file-atomic.ts';
import type { CachePlace, StoredManifest } from './cache-place.ts';
import { invalid } from './parse-cache-config.ts';

export interface LocalPlaceOptions {
  readonly name: string;
  /** Names of several artifacts in one folder; `latest` unless told. */
  readonly tag?: string | undefined;
  /** Wanted instead of what the tag stands for. */
  readonly digest?: Digest | undefined;
}

const DEFAULT_TAG = 'latest';
const READ_BYTES = 1024 * 1024;

/**
 * An OCI image layout (image-layout.md) in a folder, which is made when something is put there. A reader sees the old artifact
 * or the new one; blobs that only the old one had are removed when the new one is there.
 */
export function localPlace(dir: string, { name, tag = DEFAULT_TAG, digest }: LocalPlaceOptions): CachePlace {
  const blobs = new BlobStore(dir);
  const layout = new Layout(dir, blobs);
  const read = async (wanted: Digest): Promise<StoredManifest> => layout.manifest(wanted);
  return {
    name,
    async root() {
      const wanted = digest ?? layout.entries().find((entry) => nameOf(entry) === tag)?.digest;
      return wanted && read(wanted);
    },
    manifest: read,
    async *open(blob, { signal }) {
      signal.throwIfAborted();
      yield* verifyStream(layout.stream(blob), blob);
    },
    has: async (blob) => layout.has(blob),
    async put({ descriptor, open }, { signal }) {
      if (layout.has(descriptor)) return;
      try {
        await blobs.write(open(), descriptor, { signal });
      } catch (error) {
        throw explainWriteError(error, dir);
      }
    },
    async publish(manifests) {
      try {
        return layout.publish(tag, manifests);
      } catch (error) {
        throw explainWriteError(error, dir);
      }
    },
  };
}

class Layout {
  readonly #dir: string;
  readonly #blobs: BlobStore;

  constructor(dir: string, blobs: BlobStore) {
    this.#dir = dir;
    this.#blobs = blobs;
  }

  /** What the index names; none when there is no index. */
  entries(): readonly Descriptor[] {
    try {
      return parseIndex(readBounded(resolve(this.#dir, 'index.json')), MEDIA_TYPE.ociIndex).manifests;
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return [];
      throw error;
    }
  }

  manifest(digest: Digest): StoredManifest {
    const bytes = readBounded(this.#blobs.path(digest));
    if (digestOf(bytes) !== digest) throw invalid(`the manifest ${digest} is damaged`);
    return { descriptor: { mediaType: manifestMediaType(bytes, ''), digest, size: bytes.length }, bytes };
  }

  has({ digest, size }: Descriptor): boolean {
    const stats = lstatSync(this.#blobs.path(digest), { throwIfNoEntry: false });
    return stats?.isFile() === true && stats.size === size;
  }

  async *stream(blob: Descriptor): AsyncGenerator<Buffer> {
    // What is no plain file could keep a reader waiting for ever.
    if (!this.has(blob)) throw invalid(`the blob ${blob.digest} is not there, or not whole`);
    yield* createReadStream(this.#blobs.path(blob.digest), { highWaterMark: READ_BYTES });
  }

  publish(tag: string, manifests: readonly { readonly mediaType: string; readonly bytes: Uint8Array }[]): Descriptor {
    mkdirSync(this.#dir, { recursive: true });
    let last: Descriptor | undefined;
    for (const { mediaType, bytes } of manifests) last = { mediaType, ...this.#blobs.writeBytes(Buffer.from(bytes)) };
    if (!last) throw new Error(`nothing to publish in ${this.#dir}`);
    const before = this.entries();
    const others = before.filter((entry) => nameOf(entry) !== tag);
    const after = [...others, { ...last, annotations: { [ANNOTATION.refName]: tag } }];
    const index = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests: after };
    writeFileAtomic(resolve(this.#dir, 'index.json'), JSON.stringify(index));
    this.#removeUnneeded(before, after);
    return last;
  }

  /** Nothing but what an artifact of before had. */
  #removeUnneeded(before: readonly Descriptor[], after: readonly Descriptor[]): void {
    const needed = new Set(after.flatMap(({ digest }) => this.#contentOf(digest)));
    const had = before.flatMap(({ digest }) => this.#contentOf(digest));
    for (const digest of had) if (!needed.has(digest)) this.#blobs.remove(digest);
  }

  /** A manifest or index and what it refers to; nothing of one that cannot be read. */
  #contentOf(digest: Digest, depth = 0): readonly Digest[] {
    try {
      const { descriptor, bytes } = this.manifest(digest);
      if (JSON.parse(bytes.toString()).manifests === undefined) {
        const { config, layers } = parseManifest(bytes, descriptor.mediaType);
        return [digest, config.digest, ...layers.map((layer) => layer.digest)];
      }
      const { manifests } = parseIndex(bytes, descriptor.mediaType);
      return [digest, ...(depth > 0 ? [] : manifests.flatMap((inner) => this.#contentOf(inner.digest, depth + 1)))];
    } catch {
      // It was no artifact of ours: its blobs are somebody else's.
      return [];
    }
  }
}

function nameOf({ annotations }: Descriptor): string | undefined {
  return annotations?.[ANNOTATION.refName];
}

function readBounded(path: string): Buffer {
  const stats = lstatSync(path);
  if (!stats.isFile() || stats.size > MAX_MANIFEST_BYTES) throw invalid(`${path} is no manifest`);
  return readFileSync(path);
}
