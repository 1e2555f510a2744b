import type { Descriptor } from '../image/descriptor.ts';
import type { Digest } from '../image/digest.ts';
import type { Reference } from '../image/reference.ts';
import { pushImage as pushBlobsAndManifest } from '../image/registry/push-image.ts';
import type { RegistryClient } from '../image/registry/registry-client.ts';
import type { IncomingBlob } from '../image/store/incoming-blob.ts';
import { EarlyUploads } from './early-uploads.ts';
import { type OutgoingImage, type PreparedImage, type PrepareOptions, prepareImage } from './outgoing-image.ts';
import { refuseSecretLeaks } from './secret-leaks.ts';
import type { Store } from './store.ts';
import type { OnTransfer } from './transfer.ts';

export interface PushImageOptions {
  readonly image: PreparedImage;
  /** Push it although a layer is known to hold a secret of the build. */
  readonly allowSecretLeak: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: OnTransfer | undefined;
  /** Layers that were sent to this repository just now. */
  readonly sent?: ReadonlySet<Digest> | undefined;
}

/**
 * `prepareImage`, then `pushImage`; what has to be compressed is sent meanwhile.
 * @throws as both
 */
export async function prepareAndPush(
  store: Store,
  reference: Reference,
  {
    image,
    allowSecretLeak,
    ...options
  }: PrepareOptions & Pick<PushImageOptions, 'allowSecretLeak'> & { image: OutgoingImage },
): Promise<{ readonly prepared: PreparedImage; readonly pushed: Descriptor }> {
  // Before anything is sent.
  if (!allowSecretLeak) refuseSecretLeaks(store.root, image.config);
  const client = await options.client();
  const uploads = new EarlyUploads(client, reference, options);
  const onCompressing = (blob: IncomingBlob) => uploads.begin(blob);
  const [preparing] = await Promise.allSettled([
    prepareImage(store, image, { ...options, registry: reference.registry, onCompressing }),
  ]);
  if (preparing.status === 'rejected') uploads.stop();
  // Also when it failed: nothing goes on behind the caller's back.
  const sent = await uploads.settled();
  if (preparing.status === 'rejected') throw preparing.reason;
  const prepared = preparing.value;
  const pushed = await pushImage(store, client, reference, { ...options, image: prepared, allowSecretLeak, sent });
  return { prepared, pushed };
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
  { image, allowSecretLeak, signal, onProgress, sent }: PushImageOptions,
): Promise<Descriptor> {
  if (!allowSecretLeak) refuseSecretLeaks(store.root, image.config.bytes);
  const { config, manifest, layers } = image;
  for (const { descriptor } of layers.filter((layer) => sent?.has(layer.descriptor.digest))) {
    onProgress?.({ id: descriptor.digest, current: descriptor.size, total: descriptor.size, done: true });
  }
  const pushed = await pushBlobsAndManifest(client, reference, {
    image: {
      manifest,
      config: { descriptor: config.descriptor, open: () => once(config.bytes) },
      layers: layers.filter(({ descriptor }) => !sent?.has(descriptor.digest)),
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
