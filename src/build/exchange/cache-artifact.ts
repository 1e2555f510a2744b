import type { Descriptor } from '../../image/descriptor.ts';
import type { DiffId, Digest } from '../../image/digest.ts';

/** Media types of a cache artifact; its layers have those of images. */
export const CACHE_MEDIA_TYPE = {
  config: 'application/vnd.slipway.cache.config.v1+json',
  /** The files of cache mounts, by digest: one JSON object, gzipped. */
  mounts: 'application/vnd.slipway.cache.mounts.v1+json+gzip',
  /** Contents of files, each a member named by its digest. */
  pack: 'application/vnd.slipway.cache.pack.v1.tar',
} as const;

/** Where an image's config has its cache. */
export const INLINE_FIELD = 'slipway.cache.v1';

/** One step: its key, and its result where the artifact has it. */
export interface CacheEntry {
  readonly key: Digest;
  readonly createdMs: number;
  readonly durationMs: number;
  /** Manifest of the base image below the layers. */
  readonly base?: Digest;
  /** Indexes of layers on top of the base, lowest first; undefined when only its selections are known. */
  readonly layers?: readonly number[];
  /** What other steps selected from its files, to the digest of the selection. */
  readonly selections?: Readonly<Record<string, Digest>>;
  /** SOURCE_DATE_EPOCH that the layers' times are clamped to; good for builds with the same alone. */
  readonly epochSeconds?: number;
}

/** The JSON of the artifact's config; `layers[i]` describes the manifest's layer i. */
export interface CacheConfig {
  readonly version: 1;
  readonly layers: readonly { readonly diffId: DiffId; readonly sizeBytes: number }[];
  readonly records: readonly CacheEntry[];
}

/** An artifact, or what stands for one in an image, checked. */
export interface CacheArtifact {
  readonly config: CacheConfig;
  /** One a layer of the config. */
  readonly blobs: readonly Descriptor[];
  /** Present when cache mounts came along. */
  readonly mounts?: { readonly index: Descriptor; readonly packs: readonly Descriptor[] };
}

export const EMPTY_CONFIG: CacheConfig = { version: 1, layers: [], records: [] };
