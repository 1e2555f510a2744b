import { KnownError } from '../../diagnostics/known-error.ts';
import type { Descriptor, ImageIndex, ImageManifest } from '../descriptor.ts';
import type { ImageConfig } from '../image-config.ts';
import { selectPlatform } from '../match-platform.ts';
import { isIndexMediaType, isManifestMediaType } from '../media-type.ts';
import { MAX_CONFIG_BYTES, parseImageConfig, parseIndex, parseManifest } from '../parse-manifest.ts';
import type { Platform } from '../platform.ts';
import { familiarReference, type Reference, withDigest } from '../reference.ts';
import type { FetchBlobOptions } from './fetch-blob.ts';
import type { RequestOptions, StoredManifest } from './fetch-manifest.ts';
import type { RegistryClient } from './registry-client.ts';
import type { RepositoryName } from './registry-session.ts';
import { together } from './together.ts';

/** An index within an index is allowed; more than this is no image but a trap. */
const MAX_INDEX_DEPTH = 4;

/** The manifest for one platform, and the way that led to it. */
export interface PulledManifest extends StoredManifest {
  readonly manifest: ImageManifest;
  /** What the reference itself named: the index where there was one, else the manifest. */
  readonly root: Descriptor;
  /** The indexes on the way, outermost first, as they were stored. */
  readonly indexes: readonly (StoredManifest & { readonly index: ImageIndex })[];
}

/**
 * Fetches the manifest of an image for a platform. An image that is no index is taken whatever its platform is, as
 * docker takes it: its config tells.
 * @throws KnownError IMAGE_PLATFORM_MISSING, IMAGE_CORRUPT; RegistryError
 */
export async function pullManifest(
  client: RegistryClient,
  reference: Reference,
  { platform, signal }: RequestOptions & { readonly platform: Platform },
): Promise<PulledManifest> {
  const indexes: (StoredManifest & { readonly index: ImageIndex })[] = [];
  const name = familiarReference(reference);
  let stored = await client.fetchManifest(reference, { signal });
  const root = stored.descriptor;
  while (isIndexMediaType(stored.descriptor.mediaType)) {
    if (indexes.length === MAX_INDEX_DEPTH) throw new KnownError('IMAGE_CORRUPT', `${name} is an index of indexes.`);
    const index = parseIndex(stored.bytes, stored.descriptor.mediaType);
    indexes.push({ ...stored, index });
    const chosen = selectPlatform(index.manifests, platform, name);
    const next = await client.fetchManifest(withDigest(reference, chosen.digest), { signal });
    stored = { ...next, descriptor: { ...chosen, ...next.descriptor } };
  }
  const { mediaType } = stored.descriptor;
  if (!isManifestMediaType(mediaType)) throw unreadable(name, mediaType);
  return { ...stored, manifest: parseManifest(stored.bytes, mediaType), root, indexes };
}

/** Fetches and reads the config of an image. @throws KnownError IMAGE_CORRUPT, DIGEST_MISMATCH; RegistryError */
export async function fetchImageConfig(
  client: RegistryClient,
  repository: RepositoryName,
  { manifest, signal }: RequestOptions & { readonly manifest: ImageManifest },
): Promise<{ config: ImageConfig; bytes: Buffer }> {
  const { config } = manifest;
  if (config.size > MAX_CONFIG_BYTES) {
    throw new KnownError(
      'IMAGE_CORRUPT',
      `The config of ${repository.repository} claims to have ${config.size} bytes.`,
    );
  }
  const chunks: Buffer[] = [];
  for await (const chunk of client.fetchBlob(repository, config, { signal })) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return { config: parseImageConfig(bytes), bytes };
}

/**
 * Fetches several blobs, some at once, each given to `write` as it streams in; see `fetchBlob` for what a writer must
 * heed. Equal blobs are fetched once. The first failure stops the rest.
 */
export async function fetchBlobs(
  client: RegistryClient,
  repository: RepositoryName,
  { blobs, write, signal, onProgress }: FetchBlobOptions & BlobsToFetch,
): Promise<void> {
  const distinct = [...new Map(blobs.map((blob) => [blob.digest, blob])).values()];
  const fetch = (blob: Descriptor, either: AbortSignal) =>
    write(blob, client.fetchBlob(repository, blob, { signal: either, onProgress }));
  await together(distinct, fetch, signal);
}

export interface BlobsToFetch {
  readonly blobs: readonly Descriptor[];
  readonly write: (blob: Descriptor, chunks: AsyncGenerator<Buffer, void, void>) => Promise<unknown>;
}

function unreadable(name: string, mediaType: string): KnownError {
  const isSchema1 = mediaType.startsWith('application/vnd.docker.distribution.manifest.v1');
  return new KnownError('IMAGE_CORRUPT', `${name} is no image that can be read: its media type is ${mediaType}.`, {
    hint: isSchema1 ? 'Images of this kind are older than 2016; push it again with a current tool.' : undefined,
  });
}
