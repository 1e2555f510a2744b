import type { DiffId, Digest } from '../image/digest.ts';
import type { ImageConfig } from '../image/image-config.ts';

/** One layer of an image whose files can be read. */
export interface OpenedLayer {
  readonly diffId: DiffId;
  /** Of the blob, as it is transferred; undefined where the image was built here and never left. */
  readonly blobBytes: number | undefined;
  /**
   * The uncompressed archive, from its start each time. Checked against the diff id at its end: use nothing of it before.
   * Throws KnownError LAYER_CORRUPT, STORE_CORRUPT, REGISTRY_*.
   */
  open(): AsyncIterable<Buffer>;
}

/** An image from anywhere, to be read layer by layer. Disposing of it removes what was made to read it. */
export interface OpenedImage extends AsyncDisposable {
  /** As it was asked for. */
  readonly name: string;
  readonly origin: 'store' | 'archive' | 'layout' | 'registry';
  /** Digest of the config. */
  readonly id: Digest;
  readonly manifestDigest: Digest | undefined;
  readonly config: ImageConfig;
  /** Lowest first. */
  readonly layers: readonly OpenedLayer[];
  /** Kinds of what is attached to the image beside it: predicate types of attestations (SBOM, provenance). */
  readonly attestations: readonly string[];
}
