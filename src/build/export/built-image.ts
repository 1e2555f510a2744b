import type { Descriptor } from '../../image/descriptor.ts';
import type { DiffId } from '../../image/digest.ts';
import type { ImageConfig } from '../../image/image-config.ts';
import type { ManifestAnnotations } from '../../image/manifest-annotations.ts';
import type { Snapshot } from '../../rootfs/snapshot.ts';

/** A layer of a built image and where its bytes can be had: the base's blob, or a snapshot that becomes one. */
export interface BuiltLayer {
  readonly diffId: DiffId;
  /** Of the uncompressed tar; undefined for a base layer that was never unpacked. */
  readonly sizeBytes: number | undefined;
  readonly snapshot: Snapshot | undefined;
  /** As the base's manifest has it. */
  readonly blob: Descriptor | undefined;
}

/** What a build made: everything an exporter needs, nothing exported yet. */
export interface BuiltImage {
  readonly config: ImageConfig;
  /** Lowest first, one a diff id of the config. */
  readonly layers: readonly BuiltLayer[];
  /** The whole root filesystem; undefined is the empty one, or a base that no step needed. */
  readonly root: Snapshot | undefined;
  /** For its manifest; undefined is none. */
  readonly annotations?: ManifestAnnotations | undefined;
  /** SOURCE_DATE_EPOCH of the build, if it had one. Seconds. */
  readonly epochSeconds?: number | undefined;
}
