import type { DiffId } from '../../image/digest.ts';
import type { CacheConfig, CacheEntry } from './cache-artifact.ts';
import type { CollectedLayer, CollectedRecord } from './collect-records.ts';

/** The config of an artifact and its layers in the same order, each once. Equal records give equal bytes. */
export function cacheConfig(
  records: readonly CollectedRecord[],
  epochSeconds?: number,
): { readonly config: CacheConfig; readonly layers: readonly CollectedLayer[] } {
  const indexes = new Map<DiffId, number>();
  const layers: CollectedLayer[] = [];
  const indexOf = (layer: CollectedLayer): number => {
    const known = indexes.get(layer.diffId);
    if (known !== undefined) return known;
    indexes.set(layer.diffId, layers.length);
    return layers.push(layer) - 1;
  };
  const entries = records.map((record) =>
    entryOf(record, record.layers?.map(indexOf), record.epochSeconds ?? epochSeconds),
  );
  const config = {
    version: 1,
    layers: layers.map(({ diffId, sizeBytes }) => ({ diffId, sizeBytes })),
    records: entries,
  } as const;
  return { config, layers };
}

function entryOf(
  { key, createdMs, durationMs, base, selections }: CollectedRecord,
  layers: readonly number[] | undefined,
  epochSeconds: number | undefined,
): CacheEntry {
  const sorted = [...selections].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    key,
    createdMs,
    durationMs,
    ...(base === undefined ? {} : { base }),
    ...(layers === undefined ? {} : { layers }),
    ...(sorted.length === 0 ? {} : { selections: Object.fromEntries(sorted) }),
    ...(epochSeconds === undefined || layers === undefined ? {} : { epochSeconds }),
  };
}
