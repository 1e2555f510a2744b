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
  readonly blobs: readonly LayerBlob[];
}

const MAX_REPOSITORIES = 20;

/**
 * Which blobs a layer was compressed to or came from, so that it is compressed once and never fetched twice. A blob that is
 * known need not be in the store. One small file a layer and one a blob: a look-up reads one.
 */
export class LayerTable {
  readonly #dir: string;

  /** `root` is the store's folder; the table is in its `images/`. */
  constructor(root: string) {
    this.#dir = join(root, 'images');
  }

  /** Every blob known to unpack to this layer, the first known first. */
  blobs(diffId: DiffId): readonly LayerBlob[] {
    return readJsonFile<LayerRecord>(this.#layerPath(diffId))?.blobs ?? [];
  }

  /** What a blob unpacks to; undefined when it was never unpacked here. */
  diffId(blob: Digest): DiffId | undefined {
    return readJsonFile<{ diffId: DiffId }>(this.#blobPath(blob))?.diffId;
  }

  /**
   * Remembers that a blob unpacks to a layer, which the caller has verified, and that `repository` has it. Idempotent; safe
   * between processes.
   */
  async add(diffId: DiffId, descriptor: Descriptor, repository?: string): Promise<void> {
    mkdirSync(join(this.#dir, 'layers'), { recursive: true });
    await using _lock = await acquireLock(join(this.#dir, 'layers.lock'));
    const blobs = this.blobs(diffId);
    const known = blobs.find((blob) => blob.descriptor.digest === descriptor.digest);
    const repositories = withRepository(known?.repositories ?? [], repository);
    if (known && repositories === known.repositories) return;
    const { mediaType, digest, size } = descriptor;
    const next = { descriptor: known?.descriptor ?? { mediaType, digest, size }, repositories };
    writeJsonFile(this.#layerPath(diffId), { diffId, blobs: [...blobs.filter((blob) => blob !== known), next] });
    if (!known) writeJsonFile(this.#blobPath(digest), { diffId });
  }

  #layerPath(diffId: DiffId): string {
    return join(this.#dir, 'layers', `${digestHex(diffId)}.json`);
  }

  #blobPath(blob: Digest): string {
    return join(this.#dir, 'layer-blobs', `${digestHex(blob)}.json`);
  }
}

/** The same list when there is nothing to add. */
function withRepository(repositories: readonly string[], repository: string | undefined): readonly string[] {
  if (repository === undefined || repositories.includes(repository)) return repositories;
  return [...repositories, repository].slice(-MAX_REPOSITORIES);
}
