import { KnownError } from '../diagnostics/known-error.ts';
import type { ImportedImage } from '../image/archive/imported-image.ts';
import { readImageLayout } from '../image/archive/read-image-layout.ts';
import type { Digest } from '../image/digest.ts';
import type { Platform } from '../image/platform.ts';
import type { StoredImage } from '../image/store/stored-image.ts';
import { storeImage } from './load-images.ts';
import type { Store } from './store.ts';

export interface LayoutImageOptions {
  /** Folder of the OCI image layout. */
  readonly dir: string;
  readonly tag?: string | undefined;
  readonly digest?: Digest | undefined;
  readonly platform: Platform;
  readonly signal: AbortSignal;
}

const DEFAULT_TAG = 'latest';

/**
 * Takes one image of an OCI image layout into the store, without a name. A layout with one image alone is that image,
 * whatever tag was asked for, as in buildx.
 * @throws KnownError IMAGE_NOT_FOUND, ARCHIVE_INVALID, IMAGE_CORRUPT, DIGEST_MISMATCH
 */
export async function layoutImage(store: Store, options: LayoutImageOptions): Promise<StoredImage> {
  const { tag = DEFAULT_TAG, digest } = options;
  const [image] = await readImages(store, options, digest ?? tag);
  if (image) return storeImage(store, image);
  const [only, ...others] = digest === undefined ? await readImages(store, options) : [];
  if (only && others.length === 0) return storeImage(store, only);
  const names = [only, ...others].flatMap((other) => other?.names ?? []);
  throw new KnownError('IMAGE_NOT_FOUND', `The OCI layout ${options.dir} has no image ${digest ?? tag}.`, {
    hint: names.length > 0 ? `It has ${names.join(', ')}.` : 'Its index.json lists what it has.',
  });
}

function readImages(store: Store, options: LayoutImageOptions, reference?: string): Promise<ImportedImage[]> {
  const { dir, platform, signal } = options;
  return readImageLayout(dir, store.blobs, { name: dir, platform, signal, ...(reference && { reference }) });
}
