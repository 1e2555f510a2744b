/**
 * Images and their names, as plain files in the store's `images/`: one a record and one a reference, so that
 * looking one up reads one small file however many there are. Readers never lock; writers hold one lock for a
 * moment. It must not know how an image is made, pulled or unpacked, and it removes no blobs and no snapshots: what
 * is no longer needed, prune knows. What surprises: a name may stand for one image a platform.
 */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { acquireLock } from '../../system/lock.ts';
import { noteUse } from '../../system/note-use.ts';
import type { Descriptor, ImageManifest } from '../descriptor.ts';
import { type Digest, digestHex } from '../digest.ts';
import type { ImageConfig } from '../image-config.ts';
import { matchPlatform } from '../match-platform.ts';
import { MAX_CONFIG_BYTES, MAX_MANIFEST_BYTES, parseImageConfig, parseManifest } from '../parse-manifest.ts';
import { hostPlatform } from '../parse-platform.ts';
import type { BlobStore } from './blob-store.ts';
import { jsonFileNames, readJsonFile, removeJsonFile, writeJsonFile } from './json-file.ts';
import { LayoutIndex } from './layout-index.ts';
import { mergeImage, mergeReference, type ReferenceTarget } from './merge-image.ts';
import type { StoredImage, StoredReference } from './stored-image.ts';

export class ImageStore {
  readonly #dir: string;
  readonly #blobs: BlobStore;
  readonly #index: LayoutIndex;

  /** `root` is the store's folder, which is also the layout's; nothing is made before something is written. */
  constructor(root: string, blobs: BlobStore) {
    this.#dir = join(root, 'images');
    this.#blobs = blobs;
    this.#index = new LayoutIndex(root);
  }

  get(id: Digest): StoredImage | undefined {
    const image = readJsonFile<StoredImage>(this.#recordPath(id));
    return image?.id === id && Array.isArray(image.layers) ? image : undefined;
  }

  /** @throws KnownError STORE_CORRUPT when the config is missing or damaged, IMAGE_CORRUPT when it is no config */
  config(id: Digest): ImageConfig {
    return parseImageConfig(this.configBytes(id));
  }

  /** The config as it stands, whose digest is the id. @throws KnownError STORE_CORRUPT */
  configBytes(id: Digest): Buffer {
    return this.#blobs.readBytes(id, MAX_CONFIG_BYTES);
  }

  /**
   * The manifest an image was pulled, loaded or exported with, if that is in the store.
   * @throws KnownError STORE_CORRUPT, IMAGE_CORRUPT
   */
  manifest(image: StoredImage): ImageManifest | undefined {
    const { manifest } = image;
    if (!manifest || !this.#blobs.has(manifest.digest, manifest.size)) return undefined;
    return parseManifest(this.#blobs.readBytes(manifest.digest, MAX_MANIFEST_BYTES), manifest.mediaType);
  }

  /** A build stands on it, or a container runs it: what was not used for longest is let go first. */
  noteUse(id: Digest): void {
    noteUse(this.#recordPath(id));
  }

  /** Ids of every image, unordered. */
  ids(): Digest[] {
    return jsonFileNames(join(this.#dir, 'records')).map((hex) => `sha256:${hex}` as Digest);
  }

  /** Every image, unordered. Reads a file each. */
  list(): StoredImage[] {
    return this.ids().flatMap((id) => this.get(id) ?? []);
  }

  /**
   * Adds an image whose config is in the blob store, or adds to what is known of it: what is not given stays. Returns
   * what is stored now. Cheap when that is nothing new.
   */
  async put(image: StoredImage): Promise<StoredImage> {
    const known = this.get(image.id);
    // A cached build stores what is there already: it need not wait for anybody.
    if (known && mergeImage(known, image) === known) return known;
    await using _lock = await this.#lock();
    const before = this.get(image.id);
    const after = before ? mergeImage(before, image) : image;
    if (after === before) return before;
    writeJsonFile(this.#recordPath(image.id), after);
    if (before) this.#updateIndexOf(image.id);
    return after;
  }

  /** Removes an image and every name of it; idempotent. Its blobs and snapshots stay. Returns the names removed. */
  async remove(id: Digest): Promise<readonly StoredReference[]> {
    await using _lock = await this.#lock();
    const references = this.referencesTo(id);
    for (const reference of references) this.#removeFrom(reference, id);
    removeJsonFile(this.#recordPath(id));
    return references;
  }

  /** What a normalised name stands for, if anything. */
  getReference(name: string): StoredReference | undefined {
    return readReference(this.#referencePath(name));
  }

  /** Every reference, unordered. Reads a file each. */
  references(): StoredReference[] {
    const dir = join(this.#dir, 'references');
    return jsonFileNames(dir).flatMap((name) => readReference(join(dir, `${name}.json`)) ?? []);
  }

  /** Every reference to an image, unordered. */
  referencesTo(id: Digest): StoredReference[] {
    return this.references().filter(({ images }) => images.some((image) => image.id === id));
  }

  /**
   * Makes a normalised name stand for images that are in the store, and for nothing else any more; only when
   * `digest` is the one it had already (another platform of the same index), images of other platforms stay. Cheap
   * when nothing changes.
   */
  async setReference(name: string, target: ReferenceTarget): Promise<StoredReference> {
    const wanted = { ...target, name, updatedMs: Date.now() };
    const known = this.getReference(name);
    if (known && mergeReference(known, wanted) === known) return known;
    await using _lock = await this.#lock();
    const before = this.getReference(name);
    const after = mergeReference(before, wanted);
    if (after === before) return before;
    writeJsonFile(this.#referencePath(name), after);
    this.#updateIndex(after);
    return after;
  }

  /** Removes a name; the images stay. False when there was none. */
  async deleteReference(name: string): Promise<boolean> {
    await using _lock = await this.#lock();
    return this.#delete(name);
  }

  /** Images without a name, unordered. Reads every record's name and every reference. */
  dangling(): StoredImage[] {
    const named = new Set(this.references().flatMap(({ images }) => images.map(({ id }) => id)));
    return this.ids().flatMap((id) => (named.has(id) ? [] : (this.get(id) ?? [])));
  }

  /**
   * Brings the layout's index up to date after blobs were fetched, written or removed: for the names of one image,
   * or for all, which reads everything.
   */
  async refreshIndex(id?: Digest): Promise<void> {
    await using _lock = await this.#lock();
    if (id) this.#updateIndexOf(id);
    else for (const reference of this.references()) this.#updateIndex(reference);
  }

  #delete(name: string): boolean {
    const isRemoved = removeJsonFile(this.#referencePath(name));
    this.#index.set(name, undefined);
    return isRemoved;
  }

  #removeFrom(reference: StoredReference, id: Digest): void {
    const images = reference.images.filter((image) => image.id !== id);
    if (images.length === 0) {
      this.#delete(reference.name);
      return;
    }
    const after = { ...reference, images };
    writeJsonFile(this.#referencePath(reference.name), after);
    this.#updateIndex(after);
  }

  #updateIndexOf(id: Digest): void {
    for (const reference of this.referencesTo(id)) this.#updateIndex(reference);
  }

  /** Other tools want one manifest a name, so of several platforms the host's is taken. */
  #updateIndex({ name, images }: StoredReference): void {
    const manifests = images.flatMap(({ id, platform }) => {
      const manifest = this.#wholeManifest(id);
      return manifest ? { ...manifest, platform } : [];
    });
    this.#index.set(name, matchPlatform(manifests, hostPlatform()) ?? manifests[0]);
  }

  /** Other tools fail on a name whose blobs are not all there, so it is not in the index then. */
  #wholeManifest(id: Digest): Descriptor | undefined {
    const image = this.get(id);
    if (!image?.manifest) return undefined;
    const { mediaType, digest, size } = image.manifest;
    const blobs = image.layers.map(({ blob }) => blob);
    const isWhole = [image.manifest, ...blobs].every((blob) => blob && this.#blobs.has(blob.digest, blob.size));
    return isWhole ? { mediaType, digest, size } : undefined;
  }

  #lock(): Promise<AsyncDisposable> {
    mkdirSync(this.#dir, { recursive: true });
    return acquireLock(join(this.#dir, 'lock'));
  }

  #recordPath(id: Digest): string {
    return join(this.#dir, 'records', `${digestHex(id)}.json`);
  }

  /** A name may be longer than a file's can be, and holds slashes. */
  #referencePath(name: string): string {
    return join(this.#dir, 'references', `${createHash('sha256').update(name).digest('hex')}.json`);
  }
}

/** undefined also for what is none: then nothing has the name. */
function readReference(path: string): StoredReference | undefined {
  const reference = readJsonFile<StoredReference>(path);
  return reference && typeof reference.name === 'string' && Array.isArray(reference.images) ? reference : undefined;
}
