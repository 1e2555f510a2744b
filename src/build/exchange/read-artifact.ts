/**
 * Finds the cache behind a name: an artifact, an index with one in it, or an image with a cache in its config. What another
 * tool wrote is told apart, since "nothing there" would send people looking in the wrong place.
 */
import { KnownError } from '../../diagnostics/known-error.ts';
import type { Descriptor, ImageManifest } from '../../image/descriptor.ts';
import { selectPlatform } from '../../image/match-platform.ts';
import { isIndexMediaType, isManifestMediaType, layerCompression } from '../../image/media-type.ts';
import { MAX_CONFIG_BYTES, parseImageConfig, parseIndex, parseManifest } from '../../image/parse-manifest.ts';
import type { Platform } from '../../image/platform.ts';
import { CACHE_MEDIA_TYPE, type CacheArtifact, INLINE_FIELD } from './cache-artifact.ts';
import { type CachePlace, readBlob, type StoredManifest } from './cache-place.ts';
import { checkCacheConfig, invalid, MAX_CACHE_CONFIG_BYTES, parseCacheConfig } from './parse-cache-config.ts';

export interface ReadArtifactOptions {
  /** Of the image, where the cache is in one. */
  readonly platform: Platform;
  readonly signal: AbortSignal;
}

const BUILDKIT_CONFIG = 'application/vnd.buildkit.cacheconfig.v0';
const BUILDKIT_INLINE = 'moby.buildkit.cache.v0';

/** undefined when there is nothing under the name. @throws KnownError CACHE_INVALID, REGISTRY_*, DIGEST_MISMATCH */
export async function readArtifact(
  place: CachePlace,
  options: ReadArtifactOptions,
): Promise<CacheArtifact | undefined> {
  const root = await place.root(options.signal);
  if (!root) return undefined;
  const stored = isIndexMediaType(root.descriptor.mediaType) ? await insideIndex(place, root, options) : root;
  const { mediaType } = stored.descriptor;
  if (!isManifestMediaType(mediaType)) throw invalid(`it is neither a cache nor an image: ${mediaType}`);
  const manifest = parseManifest(stored.bytes, mediaType);
  switch (manifest.config.mediaType) {
    case CACHE_MEDIA_TYPE.config:
      return artifactOf(place, manifest, options);
    case BUILDKIT_CONFIG:
      throw foreign();
    default:
      return inlineCache(place, manifest, options);
  }
}

async function insideIndex(
  place: CachePlace,
  { bytes, descriptor }: StoredManifest,
  { platform, signal }: ReadArtifactOptions,
): Promise<StoredManifest> {
  const { manifests } = parseIndex(bytes, descriptor.mediaType);
  if (manifests.some(({ mediaType }) => mediaType === BUILDKIT_CONFIG)) throw foreign();
  const [only] = manifests;
  const chosen = manifests.length === 1 && only ? only : selectPlatform(manifests, platform, place.name);
  return place.manifest(chosen.digest, signal);
}

async function artifactOf(
  place: CachePlace,
  { config: descriptor, layers }: ImageManifest,
  options: ReadArtifactOptions,
): Promise<CacheArtifact> {
  if (descriptor.size > MAX_CACHE_CONFIG_BYTES) throw invalid(`its config has ${descriptor.size} bytes`);
  const config = parseCacheConfig(await readBlob(place, descriptor, options));
  const blobs = layers.slice(0, config.layers.length);
  if (blobs.length < config.layers.length || !blobs.every(isLayer)) throw invalid('layers of its config are missing');
  const rest = layers.slice(blobs.length);
  const index = rest.find(({ mediaType }) => mediaType === CACHE_MEDIA_TYPE.mounts);
  if (!index) return { config, blobs };
  const packs = rest.filter(({ mediaType }) => mediaType.startsWith(CACHE_MEDIA_TYPE.pack));
  return { config, blobs, mounts: { index, packs } };
}

async function inlineCache(
  place: CachePlace,
  { config: descriptor, layers }: ImageManifest,
  options: ReadArtifactOptions,
): Promise<CacheArtifact> {
  if (descriptor.size > MAX_CONFIG_BYTES) throw invalid(`its config has ${descriptor.size} bytes`);
  const bytes = await readBlob(place, descriptor, options);
  const { rootfs } = parseImageConfig(bytes);
  const json = JSON.parse(bytes.toString());
  if (json[INLINE_FIELD] === undefined) {
    if (json[BUILDKIT_INLINE] !== undefined) throw foreign();
    throw new KnownError('CACHE_NOT_FOUND', `${place.name} is an image without a cache in it.`, {
      hint: 'Build it with --cache-to type=inline.',
    });
  }
  const config = checkCacheConfig(json[INLINE_FIELD]);
  const isImages = config.layers.every(({ diffId }, index) => diffId === rootfs.diff_ids[index]);
  if (!isImages || config.layers.length > layers.length) throw invalid('its layers are not those of the image');
  return { config, blobs: layers.slice(0, config.layers.length) };
}

function isLayer({ mediaType }: Descriptor): boolean {
  return layerCompression(mediaType) !== undefined;
}

function foreign(): KnownError {
  return new KnownError('CACHE_INVALID', 'It was written by BuildKit, whose keys are digests of its own definitions.', {
    hint: 'Write one under another name with --cache-to.',
  });
}
