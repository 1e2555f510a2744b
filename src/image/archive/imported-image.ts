import type { Descriptor } from '../descriptor.ts';
import type { DiffId, Digest } from '../digest.ts';
import type { ImageConfig } from '../image-config.ts';
import type { Platform } from '../platform.ts';

/** An image that was read into a blob store: every blob it names is there. */
export interface ImportedImage {
  /** Digest of the config. */
  readonly id: Digest;
  readonly config: ImageConfig;
  readonly platform: Platform;
  readonly manifest: Descriptor;
  /**
   * Lowest first. That a blob unpacks to its diff id is not checked before it is unpacked, but where it is not
   * compressed.
   */
  readonly layers: readonly { readonly diffId: DiffId; readonly blob: Descriptor }[];
  /**
   * As the archive has them, not checked: full names (`docker.io/library/x:1`, `x:1`) or, from some layouts, a tag
   * alone.
   */
  readonly names: readonly string[];
}
