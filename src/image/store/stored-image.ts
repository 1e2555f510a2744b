import type { Descriptor } from '../descriptor.ts';
import type { DiffId, Digest } from '../digest.ts';
import type { ManifestAnnotations } from '../manifest-annotations.ts';
import type { Platform } from '../platform.ts';

export interface StoredLayer {
  readonly diffId: DiffId;
  /** Bytes of the layer's files, for `images` and `history`; undefined while it was never unpacked. */
  readonly size?: number;
  /** The snapshot that has the files of this layer and those below; undefined while it is not unpacked. */
  readonly snapshotId?: string;
  /** The blob that the manifest names, whether or not it is in the store. */
  readonly blob?: Descriptor;
}

/** An image in the store. Its config is a blob of its own, under `id`. Plain data. */
export interface StoredImage {
  /** Digest of the config: docker's image ID. */
  readonly id: Digest;
  readonly platform: Platform;
  /** Lowest first, as in the config's diff_ids. */
  readonly layers: readonly StoredLayer[];
  /** Present once the image was pulled, loaded or exported: then blobs exist that it names, here or in a registry. */
  readonly manifest?: Descriptor;
  /** For the manifest that is written when it leaves the store. */
  readonly annotations?: ManifestAnnotations | undefined;
  /** The config's `created`, or 0 where it says none. Milliseconds. */
  readonly createdMs: number;
  /** When it came into the store. Milliseconds. */
  readonly storedMs: number;
}

/** One image of a reference: what it is for this platform. */
export interface ReferencedImage {
  readonly id: Digest;
  readonly platform: Platform;
}

/** A name and what it stands for. Plain data. */
export interface StoredReference {
  /** Normalised, with a tag or a digest: `docker.io/library/busybox:latest`. */
  readonly name: string;
  /** One a platform, at least one. */
  readonly images: readonly ReferencedImage[];
  /** Of the manifest or index that the name stands for at its registry (RepoDigests), once it was pulled or pushed. */
  readonly digest?: Digest;
  readonly updatedMs: number;
}
