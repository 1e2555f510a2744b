import type { Descriptor } from '../descriptor.ts';
import type { Reference } from '../reference.ts';
import type { RequestOptions } from './fetch-manifest.ts';
import type { ManifestToPush } from './push-manifest.ts';
import type { RegistryClient } from './registry-client.ts';
import { together } from './together.ts';
import type { OnTransfer } from './transfer-progress.ts';
import type { OpenBlob } from './upload.ts';

/** A blob and how to get at its bytes if the registry turns out not to have it. */
export interface BlobToPush {
  readonly descriptor: Descriptor;
  readonly open: OpenBlob;
  /** A repository that may have it; used when it is on the registry that is pushed to. */
  readonly origin?: Pick<Reference, 'registry' | 'repository'> | undefined;
}

export interface ImageToPush {
  readonly manifest: ManifestToPush;
  readonly config: BlobToPush;
  readonly layers: readonly BlobToPush[];
}

export interface PushOptions extends RequestOptions {
  readonly onProgress?: OnTransfer | undefined;
}

/**
 * Pushes an image: blobs first, several at once, then the manifest that points to them, so that a reader of the tag
 * never sees half an image. Returns the manifest's descriptor. The first failure stops the rest.
 */
export async function pushImage(
  client: RegistryClient,
  reference: Reference,
  { image, ...options }: PushOptions & { readonly image: ImageToPush },
): Promise<Descriptor> {
  await pushBlobs(client, reference, { ...options, blobs: [...image.layers, image.config] });
  return client.pushManifest(reference, image.manifest, options);
}

/** Pushes the images of an index by their digests, then the index under the reference. */
export async function pushIndex(
  client: RegistryClient,
  reference: Reference,
  {
    index,
    images,
    ...options
  }: PushOptions & { readonly index: ManifestToPush; readonly images: readonly ImageToPush[] },
): Promise<Descriptor> {
  const { registry, repository } = reference;
  for (const image of images) await pushImage(client, { registry, repository }, { ...options, image });
  return client.pushManifest(reference, index, options);
}

async function pushBlobs(
  client: RegistryClient,
  reference: Reference,
  { blobs, signal, onProgress }: PushOptions & { readonly blobs: readonly BlobToPush[] },
): Promise<void> {
  const push = async ({ descriptor, open, origin }: BlobToPush, either: AbortSignal) => {
    const isNeighbour = origin?.registry === reference.registry && origin.repository !== reference.repository;
    const mountFrom = isNeighbour ? origin.repository : undefined;
    await client.pushBlob({ repository: reference, descriptor, open }, { signal: either, onProgress, mountFrom });
  };
  await together(oncePerDigest(blobs), push, signal);
}

function oncePerDigest(blobs: readonly BlobToPush[]): BlobToPush[] {
  return [...new Map(blobs.map((blob) => [blob.descriptor.digest, blob])).values()];
}
