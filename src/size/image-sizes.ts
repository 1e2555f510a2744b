/** Where the bytes of an image are, as plain data. Sizes of files are those of their contents, uncompressed. */
import type { WastedContent } from '../contents/image-tree.ts';
import type { ProgramSizes } from '../golang/binary-packages.ts';

export interface LayerSize {
  /** One-based, lowest first. */
  readonly number: number;
  readonly instruction: string;
  /** Of its archive: what `slipway images` and docker add up. */
  readonly sizeBytes: number;
  /** Of its blob, where it has one. */
  readonly blobBytes: number | undefined;
  /** Contents of its files. */
  readonly fileBytes: number;
  readonly files: number;
  /** Of its contents what later layers replaced or deleted. */
  readonly wastedBytes: number;
}

export interface FileSize {
  readonly path: string;
  readonly sizeBytes: number;
  /** Number of the layer that has its content. */
  readonly layer: number;
}

/** A path whose content was stored and is not there any more, over all layers. */
export interface WastedPath {
  readonly path: string;
  readonly sizeBytes: number;
  /** Numbers of the layers that stored it, and of those that took it away. */
  readonly layers: readonly number[];
  readonly byLayers: readonly number[];
  readonly by: WastedContent['by'];
  /** Each time the same bytes were written again: only mode, owner or time changed. */
  readonly isSameContent: boolean;
}

/** Contents that the image has several times. */
export interface DuplicateFiles {
  readonly paths: readonly string[];
  /** Of one of them. */
  readonly sizeBytes: number;
}

/** A Go program that is in the image. */
export interface ProgramSize extends ProgramSizes {
  readonly path: string;
  readonly sizeBytes: number;
  readonly layer: number;
}

export interface ImageSizes {
  readonly image: string;
  readonly id: string;
  readonly platform: string;
  /** Of all layers' archives. */
  readonly sizeBytes: number;
  /** Of all blobs; undefined when a layer has none yet. */
  readonly blobBytes: number | undefined;
  /** Contents in all layers. */
  readonly storedBytes: number;
  /** Contents that a container sees. */
  readonly visibleBytes: number;
  readonly wastedBytes: number;
  readonly duplicateBytes: number;
  /** `visibleBytes / storedBytes`; 1 for an image without files. */
  readonly efficiency: number;
  readonly layers: readonly LayerSize[];
  /** Directories with all that is below them, largest first; the root is left out. */
  readonly directories: readonly { readonly path: string; readonly sizeBytes: number }[];
  /** Largest first, hard links once. */
  readonly files: readonly FileSize[];
  readonly wasted: readonly WastedPath[];
  readonly duplicates: readonly DuplicateFiles[];
  readonly programs: readonly ProgramSize[];
}
