import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { acquireLock } from '../../system/lock.ts';
import type { Descriptor } from '../descriptor.ts';
import { type DiffId, type Digest, digestHex } from '../digest.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';

/** A blob that unpacks to a layer, and where it is known to be. */
export interface LayerBlob {
  readonly descriptor: Descriptor;
  /** `registry/repository` of each that has it, for a mount across repositories; oldest first, bounded. */
  readonly repositories: readonly string[];
}

interface LayerRecord {
  readonly diffId: DiffId;
  readonly blobs: readonly { readonly descriptor: Descriptor }[];
}

interface BlobRecord {
  /** undefined while nobody has unpacked it. */
  readonly diffId?: DiffId;
  readonly repositories?: readonly string[];
}

const MAX_REPOSITORIES = 20;

/**
 * Which blobs a layer was compressed to or came from, so that it is compressed once and never fetched twice, and
 * which repositories have a blob. A blob that is known need not be in the store. One small file a layer and one a
 * blob: a look-up reads few. What surprises: an image's own word that a blob unpacks to a layer is not enough,
 * since whatever is known of a layer goes into every image that has it.
 */
export class LayerTable {
  readonly #dir: string;

  /** `root` is the store's folder; the table is in its `images/`. */
  constructor(root: string) {
    this.#dir = join(root, 'images');
  }

  /** Every blob known to unpack to this layer, the first known first. */
  blobs(diffId: DiffId): readonly LayerBlob[] {
    return this.#descriptors(diffId).map((descriptor) => ({
      descriptor,
      repositories: this.repositories(descriptor.digest),
    }));
  }

  /** What a blob unpacks to; undefined when it was never unpacked here. */
  diffId(blob: Digest): DiffId | undefined {
    return this.#blobRecord(blob).diffId;
  }

  /** `registry/repository` of each that is known to have a blob, oldest first, bounded. */
  repositories(blob: Digest): readonly string[] {
    return this.#blobRecord(blob).repositories ?? [];
  }

  /**
   * Remembers that a blob unpacks to a layer: only when it was compressed from it here, or unpacked and found to be it.
   * `repository` as in `addRepository`. Idempotent; safe between processes.
   */
  async add(diffId: DiffId, descriptor: Descriptor, repository?: string): Promise<void> {
    const { mediaType, digest, size } = descriptor;
    const isKnown = () => this.#descriptors(diffId).some((known) => known.digest === digest);
    if (!isKnown()) {
      await using _lock = await this.#lock();
      const blobs = this.#descriptors(diffId).map((known) => ({ descriptor: known }));
      const record: LayerRecord = { diffId, blobs: [...blobs, { descriptor: { mediaType, digest, size } }] };
      if (!isKnown()) writeJsonFile(this.#layerPath(diffId), record);
      writeJsonFile(this.#blobPath(digest), { ...this.#blobRecord(digest), diffId });
    }
    if (repository !== undefined) await this.addRepository(digest, repository);
  }

  /**
   * Remembers that a repository has a blob, which says nothing about what is in it. Idempotent; safe between
   * processes.
   */
  async addRepository(blob: Digest, repository: string): Promise<void> {
    if (this.repositories(blob).includes(repository)) return;
    await using _lock = await this.#lock();
    const record = this.#blobRecord(blob);
    const others = (record.repositories ?? []).filter((other) => other !== repository);
    const repositories = [...others, repository].slice(-MAX_REPOSITORIES);
    writeJsonFile(this.#blobPath(blob), { ...record, repositories });
  }

  #descriptors(diffId: DiffId): Descriptor[] {
    const blobs = readJsonFile<LayerRecord>(this.#layerPath(diffId))?.blobs ?? [];
    return blobs.map(({ descriptor }) => descriptor);
  }

  #blobRecord(blob: Digest): BlobRecord {
    return readJsonFile<BlobRecord>(this.#blobPath(blob)) ?? {};
  }

  #lock(): Promise<AsyncDisposable> {
    mkdirSync(this.#dir, { recursive: true });
    return acquireLock(join(this.#dir, 'layers.lock'));
  }

  #layerPath(diffId: DiffId): string {
    return join(this.#dir, 'layers', `${digestHex(diffId)}.json`);
  }

  #blobPath(blob: Digest): string {
    return join(this.#dir, 'layer-blobs', `${digestHex(blob)}.json`);
  }
}
