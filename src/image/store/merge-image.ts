import { isDeepStrictEqual } from 'node:util';
import { formatPlatform } from '../parse-platform.ts';
import type { StoredImage, StoredReference } from './stored-image.ts';

/** What a name shall stand for. */
export type ReferenceTarget = Pick<StoredReference, 'images' | 'digest'>;

/**
 * What is known of an image and what is new: its layers are the same, since its config is. `before` itself when
 * nothing changes.
 */
export function mergeImage(before: StoredImage, image: StoredImage): StoredImage {
  const layers = image.layers.map((layer, index) => ({ ...before.layers[index], ...layer }));
  const merged = { ...before, ...image, layers, storedMs: before.storedMs };
  return isDeepStrictEqual(withoutUndefined(merged), withoutUndefined(before)) ? before : merged;
}

/** A field that is undefined is not written, so it says nothing else than one that is not there. */
function withoutUndefined(image: StoredImage): object {
  return Object.fromEntries(Object.entries(image).filter(([, value]) => value !== undefined));
}

/** `before` itself when nothing changes. */
export function mergeReference(before: StoredReference | undefined, after: StoredReference): StoredReference {
  if (!before) return after;
  const isSame = after.digest !== undefined && after.digest === before.digest;
  const key = ({ platform }: StoredReference['images'][number]) => formatPlatform(platform);
  const replaced = new Set(after.images.map(key));
  const kept = isSame ? before.images.filter((image) => !replaced.has(key(image))) : [];
  const merged = { ...after, images: [...kept, ...after.images] };
  return sameTarget(before, merged) ? before : merged;
}

function sameTarget(a: StoredReference, b: StoredReference): boolean {
  const target = ({ images, digest }: StoredReference) =>
    JSON.stringify([digest, images.map(({ id, platform }) => [id, formatPlatform(platform)]).sort()]);
  return target(a) === target(b);
}
