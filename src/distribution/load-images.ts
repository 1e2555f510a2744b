import { KnownError } from '../diagnostics/known-error.ts';
import type { ImportedImage } from '../image/archive/imported-image.ts';
import { type ReadImagesOptions, readImageArchive } from '../image/archive/read-image-archive.ts';
import { formatReference, parseReference, withDefaultTag } from '../image/reference.ts';
import type { ReferencedImage, StoredImage } from '../image/store/stored-image.ts';
import type { Store } from './store.ts';

export interface LoadedImage {
  readonly image: StoredImage;
  /** Normalised; none when the archive names none. */
  readonly names: readonly string[];
}

/**
 * Takes the images of an archive or a layout into the store, with their names. Their layers are unpacked when somebody needs their
 * files.
 * @throws KnownError ARCHIVE_INVALID, IMAGE_CORRUPT, DIGEST_MISMATCH, DISK_FULL
 */
export async function loadImages(
  store: Store,
  source: string | AsyncIterable<Buffer>,
  options: ReadImagesOptions,
): Promise<LoadedImage[]> {
  const imported = await readImageArchive(source, store.blobs, options);
  const loaded: LoadedImage[] = [];
  for (const image of imported) {
    loaded.push({ image: await storeImage(store, image), names: image.names.flatMap(normalised) });
  }
  for (const [name, images] of imagesByName(loaded)) await store.images.setReference(name, { images });
  return loaded;
}

/** Makes an imported image one of the store's, without a name. */
export function storeImage(
  store: Store,
  { id, config, platform, manifest, layers }: ImportedImage,
): Promise<StoredImage> {
  const { mediaType, digest, size } = manifest;
  return store.images.put({
    id,
    platform,
    layers: layers.map(({ diffId, blob }) => ({ diffId, blob })),
    manifest: { mediaType, digest, size },
    createdMs: Date.parse(config.created ?? '') || 0,
    storedMs: Date.now(),
  });
}

/** A name of an archive may stand for one image a platform. */
function imagesByName(loaded: readonly LoadedImage[]): Map<string, ReferencedImage[]> {
  const byName = new Map<string, ReferencedImage[]>();
  for (const { image, names } of loaded) {
    for (const name of names) {
      byName.set(name, [...(byName.get(name) ?? []), { id: image.id, platform: image.platform }]);
    }
  }
  return byName;
}

/** A tag alone, as some layouts have it, names nothing. */
function normalised(name: string): string[] {
  if (!/[/:]/.test(name)) return [];
  try {
    return [formatReference(withDefaultTag(parseReference(name)))];
  } catch (error) {
    if (error instanceof KnownError && error.code === 'REFERENCE_INVALID') return [];
    throw error;
  }
}
