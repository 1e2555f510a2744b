import type { DiffId } from '../../image/digest.ts';
import type { ImageConfig } from '../../image/image-config.ts';
import { type CacheConfig, type CacheEntry, INLINE_FIELD } from './cache-artifact.ts';
import { cacheConfig } from './cache-config.ts';
import { type CollectedRecord, type CollectOptions, collectRecords } from './collect-records.ts';
import type { SolvedBuild } from './export-cache.ts';

/** An image as far as its cache is concerned. */
interface CachedImage {
  readonly config: ImageConfig;
  /** Lowest first, those of the base included. */
  readonly layers: readonly { readonly diffId: DiffId; readonly sizeBytes: number | undefined }[];
}

export interface InlineOptions extends Pick<CollectOptions, 'store' | 'cache' | 'imports' | 'allowSecretLeak'> {
  readonly epochSeconds: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * Adds the records of the image's own steps to its config. With SOURCE_DATE_EPOCH they say no other time, so that the
 * image stays the same to the last byte.
 */
export async function inlineCache<Image extends CachedImage>(
  image: Image,
  { vertices, result, ownLayers, ...build }: SolvedBuild,
  { epochSeconds, signal, ...options }: InlineOptions,
): Promise<Image> {
  const { records } = await collectRecords(vertices, {
    ...build,
    ...options,
    hasLayers: ({ digest }) => result.has(digest),
    bring: { signal, progress: () => undefined },
    layerOptions: { epochSeconds },
  });
  const layers = image.layers.map(({ diffId, sizeBytes = 0 }) => ({ diffId, sizeBytes }));
  const bottom = image.layers.length - ownLayers;
  const entries = records.flatMap((record) => inlineEntry(record, image, { bottom, epochSeconds }) ?? []);
  const config: CacheConfig = { version: 1, layers, records: entries };
  return { ...image, config: { ...image.config, [INLINE_FIELD]: config } };
}

/** Its layers are some of the image's own, from `bottom` on; undefined when it is neither that nor good for a key. */
function inlineEntry(
  record: CollectedRecord,
  image: CachedImage,
  { bottom, epochSeconds }: { readonly bottom: number; readonly epochSeconds: number | undefined },
): CacheEntry | undefined {
  const timed = epochSeconds === undefined ? record : { ...record, createdMs: epochSeconds * 1000, durationMs: 0 };
  const [entry] = cacheConfig([timed], epochSeconds).config.records;
  if (!entry || !record.layers) return entry;
  const indexes = record.layers.map(({ diffId }) =>
    image.layers.findIndex((layer, index) => index >= bottom && layer.diffId === diffId),
  );
  if (!indexes.includes(-1)) return { ...entry, layers: indexes };
  const { layers: _, ...selectionsAlone } = entry;
  return selectionsAlone.selections ? selectionsAlone : undefined;
}
