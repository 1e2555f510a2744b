import type { Exportable } from '../image/archive/exportable-image.ts';
import { writeImageArchive } from '../image/archive/write-image-archive.ts';
import { writeImageLayout } from '../image/archive/write-image-layout.ts';
import type { RegistryClient } from '../image/registry/registry-client.ts';
import type { StoredImage } from '../image/store/stored-image.ts';
import { exportableImage, prepareImage } from './outgoing-image.ts';
import { outgoingStoredImage } from './outgoing-stored-image.ts';
import type { Store } from './store.ts';
import type { OnTransfer } from './transfer.ts';

export interface SaveImagesOptions {
  /** In the order of the archive; each once, with the normalised names it was asked for by. */
  readonly images: readonly { readonly image: StoredImage; readonly names: readonly string[] }[];
  client(): Promise<RegistryClient>;
  readonly signal: AbortSignal;
  readonly onProgress?: OnTransfer | undefined;
}

/**
 * Images of the store as an archive. Their layers are fetched or compressed before the first byte comes.
 * @throws KnownError IMAGE_CORRUPT, REGISTRY_*
 */
export async function* saveArchive(
  store: Store,
  format: 'oci' | 'docker',
  options: SaveImagesOptions,
): AsyncGenerator<Buffer> {
  yield* writeImageArchive(await exportables(store, options), { format, signal: options.signal });
}

/** Images of the store as an OCI image layout; see `writeImageLayout`. */
export async function saveLayout(store: Store, dir: string, options: SaveImagesOptions): Promise<void> {
  await writeImageLayout(dir, await exportables(store, options), { signal: options.signal });
}

async function exportables(store: Store, options: SaveImagesOptions): Promise<Exportable[]> {
  const { images, client, signal, onProgress } = options;
  const found: Exportable[] = [];
  for (const { image, names } of images) {
    const prepared = await prepareImage(store, await outgoingStoredImage(store, image), {
      format: 'oci',
      compression: 'gzip',
      client,
      signal,
      onProgress,
    });
    found.push(exportableImage(prepared, { names }));
  }
  return found;
}
