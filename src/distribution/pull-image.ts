import { KnownError } from '../diagnostics/known-error.ts';
import type { ImageManifest } from '../image/descriptor.ts';
import type { ImageConfig } from '../image/image-config.ts';
import type { Platform } from '../image/platform.ts';
import { formatReference, type Reference } from '../image/reference.ts';
import { fetchImageConfig, type PulledManifest, pullManifest } from '../image/registry/pull-image.ts';
import type { RegistryClient } from '../image/registry/registry-client.ts';
import type { StoredImage, StoredLayer } from '../image/store/stored-image.ts';
import type { Store } from './store.ts';

export interface PullOptions {
  readonly platform: Platform;
  readonly signal: AbortSignal;
}

/**
 * Takes an image from its registry into the store: manifest and config now, layers when somebody needs them (see
 * `unpackImage` and `fetchLayers`). The reference then stands for it.
 * @throws KnownError REGISTRY_*, IMAGE_*, DIGEST_MISMATCH
 */
export async function pullImage(
  store: Store,
  client: RegistryClient,
  { reference, ...options }: PullOptions & { readonly reference: Reference },
): Promise<StoredImage> {
  const pulled = await pullManifest(client, reference, options);
  const { config, bytes } = await fetchImageConfig(client, reference, {
    manifest: pulled.manifest,
    signal: options.signal,
  });
  for (const blob of [...pulled.indexes.map((index) => index.bytes), pulled.bytes, bytes]) store.blobs.writeBytes(blob);
  const image = await store.images.put(storedImage(pulled, config));
  await store.images.setReference(formatReference(reference), {
    images: [{ id: image.id, platform: image.platform }],
    digest: pulled.root.digest,
  });
  await rememberOrigin(store, reference, pulled.manifest);
  return image;
}

function storedImage({ manifest, descriptor }: PulledManifest, config: ImageConfig): StoredImage {
  return {
    id: manifest.config.digest,
    platform: platformOf(config),
    layers: storedLayers(manifest, config),
    manifest: { mediaType: descriptor.mediaType, digest: descriptor.digest, size: descriptor.size },
    createdMs: Date.parse(config.created ?? '') || 0,
    storedMs: Date.now(),
  };
}

function storedLayers(manifest: ImageManifest, config: ImageConfig): StoredLayer[] {
  const diffIds = config.rootfs.diff_ids;
  if (diffIds.length !== manifest.layers.length) {
    throw new KnownError(
      'IMAGE_CORRUPT',
      `The image has ${manifest.layers.length} layers, and its config names ${diffIds.length}.`,
    );
  }
  return manifest.layers.map((blob, index) => ({ diffId: diffIds[index] as StoredLayer['diffId'], blob }));
}

function platformOf({ os, architecture, variant }: ImageConfig): Platform {
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

/** So that a push to the same registry mounts these layers across repositories instead of sending them. */
async function rememberOrigin(
  store: Store,
  { registry, repository }: Reference,
  manifest: ImageManifest,
): Promise<void> {
  for (const { digest } of manifest.layers) await store.layers.addRepository(digest, `${registry}/${repository}`);
}
