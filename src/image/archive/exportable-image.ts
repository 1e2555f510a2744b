import type { Descriptor } from '../descriptor.ts';
import type { Platform } from '../platform.ts';

/** A layer as it goes out. */
export interface ExportableLayer {
  readonly descriptor: Descriptor;
  /** The blob from its start, at most once at a time; it must be verified by whoever gives it (`BlobStore.open` is). */
  open(): AsyncIterable<Buffer>;
}

/** One image for one platform, ready to be written: all its bytes are decided. */
export interface ExportableImage {
  readonly config: Buffer;
  /** Names the config and the layers by digest, and its own media type. */
  readonly manifest: Buffer;
  /** In the manifest's order. */
  readonly layers: readonly ExportableLayer[];
  /** Normalised, with tags: `docker.io/library/hello:latest`. None is allowed. */
  readonly names: readonly string[];
  readonly platform: Platform;
  /** Of the descriptor in `index.json`, beside the names. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Several images under one name, one a platform. */
export interface ExportableIndex {
  /** The index, which names the manifests of `images` by digest. */
  readonly index: Buffer;
  /** Their own names and annotations are not used. */
  readonly images: readonly ExportableImage[];
  readonly names: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
}

export type Exportable = ExportableImage | ExportableIndex;

/** The images of both kinds. */
export function imagesOf(exportable: Exportable): readonly ExportableImage[] {
  return 'index' in exportable ? exportable.images : [exportable];
}
