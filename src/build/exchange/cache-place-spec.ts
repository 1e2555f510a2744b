import type { Digest } from '../../image/digest.ts';

/** --cache-from: a place that may have records. */
export type CacheSource =
  /** An OCI image layout; paths are relative to the build's folder. */
  | { readonly type: 'local'; readonly src: string; readonly tag?: string; readonly digest?: Digest }
  /** An artifact, or an image with a cache in its config. */
  | { readonly type: 'registry'; readonly ref: string };

export interface CacheFormat {
  readonly compression: 'gzip' | 'zstd' | 'uncompressed';
  /** 0 to 9 for gzip, to 22 for zstd. */
  readonly compressionLevel?: number | undefined;
  /** Layers that came in another compression are compressed anew. */
  readonly forceCompression: boolean;
  /** False: docker's media types. */
  readonly ociMediaTypes: boolean;
  /** False: an index with the manifest in it. */
  readonly imageManifest: boolean;
}

/** --cache-to: where records go. */
export type CacheDestination = { readonly type: 'inline' } | StoredCacheDestination;

export type StoredCacheDestination = (
  | { readonly type: 'local'; readonly dest: string; readonly tag?: string }
  | { readonly type: 'registry'; readonly ref: string }
) &
  CacheFormat & {
    /** `min`: layers of the result alone; `max`: of every step. */
    readonly mode: 'min' | 'max';
    /** A failure is told, and does not fail the build. */
    readonly ignoreError: boolean;
    /** Also the cache mounts that the build's steps have. */
    readonly mounts: boolean;
    /** Of the files of all mounts together, uncompressed; what was used longest ago is left out first. */
    readonly maxMountBytes?: number | undefined;
  };

/** As the user would write it. */
export function placeName(place: CacheSource | StoredCacheDestination): string {
  if (place.type === 'registry') return place.ref;
  const folder = 'src' in place ? place.src : place.dest;
  return place.tag === undefined ? folder : `${folder}:${place.tag}`;
}
