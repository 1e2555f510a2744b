import type { Descriptor } from '../image/descriptor.ts';
import type { Reference } from '../image/reference.ts';
import { pushImage as pushBlobsAndManifest } from '../image/registry/push-image.ts';
import type { RegistryClient } from '../image/registry/registry-client.ts';
import type { PreparedImage } from './outgoing-image.ts';
import { refuseSecretLeaks } from './secret-leaks.ts';
import type { Store } from './store.ts';
import type { OnTransfer } from './transfer.ts';

export interface PushImageOptions {
  readonly image: PreparedImage;
  /** Push it although a layer is known to hold a secret of the build. */
  readonly allowSecretLeak: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: OnTransfer | undefined;
}

/**
 * Pushes a prepared image under a name: what the registry has is neither sent nor fetched. Remembers where the layers
 * are from now on, so that the next push to this registry mounts them. Returns the manifest's descriptor.
 * @throws RegistryError; KnownError SECRET_LEAKED
 */
export async function pushImage(
  store: Store,
  client: RegistryClient,
  reference: Reference,
  { image, allowSecretLeak, signal, onProgress }: PushImageOptions,
): Promise<Descriptor> {
  if (!allowSecretLeak) refuseSecretLeaks(store.root, image.config.bytes);
  const { config, manifest, layers } = image;
  const pushed = await pushBlobsAndManifest(client, reference, {
    image: {
      manifest,
      config: { descriptor: config.descriptor, open: () => once(config.bytes) },
      layers,
    },
    signal,
    onProgress,
  });
  const repository = `${reference.registry}/${reference.repository}`;
  for (const { descriptor } of layers) await store.layers.addRepository(descriptor.digest, repository);
  return pushed;
}

/**
 * What an image in the store learns from a push: its manifest, its blobs, and what its name stands for at the registry. Nothing
 * when the store does not have it.
 */
export async function recordPush(
  store: Store,
  name: string,
  { config, manifest, layers }: PreparedImage,
): Promise<void> {
  const id = config.descriptor.digest;
  const image = store.images.get(id);
  if (!image) return;
  store.blobs.writeBytes(manifest.bytes);
  await store.images.put({
    ...image,
    layers: image.layers.map((layer, index) => {
      const blob = layers[index]?.descriptor;
      return blob ? { ...layer, blob } : layer;
    }),
    manifest: { mediaType: manifest.mediaType, digest: manifest.digest, size: manifest.bytes.length },
  });
  const reference = store.images.getReference(name);
  if (reference?.images.some((named) => named.id === id)) {
    await store.images.setReference(name, { images: [{ id, platform: image.platform }], digest: manifest.digest });
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
