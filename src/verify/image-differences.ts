/** Where two images differ, from the first layer on. Both must be unpacked; nothing is written. */
import type { ImageConfig } from '../image/image-config.ts';
import type { Snapshot } from '../rootfs/snapshot.ts';
import { type FileDifference, layerDifferences } from './layer-differences.ts';

export interface ComparedImage {
  readonly config: ImageConfig;
  /** The snapshot up to each layer, lowest first. */
  readonly layers: readonly (Snapshot | undefined)[];
  /** Times of files later than this many seconds are taken for it, as the layer has them. */
  readonly epochSeconds: number | undefined;
}

export interface ConfigDifference {
  /** `config.Env`, `history[2].created`. */
  readonly field: string;
  readonly image: unknown;
  readonly rebuilt: unknown;
}

export interface LayerDifference {
  /** From 0. */
  readonly index: number;
  readonly createdBy: string | undefined;
  /** The first of them; empty when only the way the layer is written differs, or one of the images has no such layer. */
  readonly files: readonly FileDifference[];
}

export interface ImageDifferences {
  /** The first layer that differs: those above it stand on other files anyway. */
  readonly layer: LayerDifference | undefined;
  /** All but the layers' digests. */
  readonly config: readonly ConfigDifference[];
}

export function imageDifferences(image: ComparedImage, rebuilt: ComparedImage): ImageDifferences {
  return { layer: firstLayerDifference(image, rebuilt), config: configDifferences(image.config, rebuilt.config) };
}

function firstLayerDifference(image: ComparedImage, rebuilt: ComparedImage): LayerDifference | undefined {
  const [ours, theirs] = [image.config.rootfs.diff_ids, rebuilt.config.rootfs.diff_ids];
  const count = Math.max(ours.length, theirs.length);
  const index = Array.from({ length: count }, (_, at) => at).find((at) => ours[at] !== theirs[at]);
  if (index === undefined) return undefined;
  const steps = image.config.history?.filter((entry) => !entry.empty_layer) ?? [];
  const [before, after] = [image.layers[index], rebuilt.layers[index]];
  const files =
    before && after
      ? layerDifferences(
          { snapshot: before, epochSeconds: image.epochSeconds },
          { snapshot: after, epochSeconds: rebuilt.epochSeconds },
        )
      : [];
  return { index, createdBy: steps[index]?.created_by, files };
}

function configDifferences(image: ImageConfig, rebuilt: ImageConfig): readonly ConfigDifference[] {
  const { rootfs: _, ...ours } = image;
  const { rootfs: __, ...theirs } = rebuilt;
  return valueDifferences('', ours, theirs);
}

function valueDifferences(field: string, image: unknown, rebuilt: unknown): readonly ConfigDifference[] {
  if (!isObject(image) || !isObject(rebuilt) || Array.isArray(image) !== Array.isArray(rebuilt)) {
    return JSON.stringify(image) === JSON.stringify(rebuilt) ? [] : [{ field, image, rebuilt }];
  }
  const names = new Set([...Object.keys(image), ...Object.keys(rebuilt)]);
  return [...names].flatMap((name) => {
    const path = Array.isArray(image) ? `${field}[${name}]` : field === '' ? name : `${field}.${name}`;
    return valueDifferences(path, image[name], rebuilt[name]);
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
