import { KnownError } from '../../diagnostics/known-error.ts';
import type { DiffId, Digest } from '../../image/digest.ts';
import { isDigest } from '../../image/digest.ts';
import type { CacheConfig, CacheEntry } from './cache-artifact.ts';

/** A config above this is refused; a record takes some 200 bytes. */
export const MAX_CACHE_CONFIG_BYTES = 32 * 1024 * 1024;
const MOST_RECORDS = 100_000;
const MOST_LAYERS = 100_000;

/** Reads what another store wrote, or somebody who pretends to be one. @throws KnownError CACHE_INVALID */
export function parseCacheConfig(bytes: Uint8Array): CacheConfig {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString());
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return checkCacheConfig(json);
}

/** As `parseCacheConfig`, of parsed JSON. */
export function checkCacheConfig(json: unknown): CacheConfig {
  if (!isObject(json)) throw invalid('it is no JSON object');
  const { version, layers, records } = json;
  if (version !== 1) throw invalid(`it has version ${JSON.stringify(version)}, and only 1 is known`);
  if (!Array.isArray(layers) || layers.length > MOST_LAYERS || !layers.every(isLayer))
    throw invalid('its layers are unreadable');
  if (!Array.isArray(records) || records.length > MOST_RECORDS) throw invalid('it has no list of records');
  return {
    version: 1,
    layers: layers.map(({ diffId, sizeBytes }) => ({ diffId, sizeBytes })),
    records: records.map((record) => entry(record, layers.length)),
  };
}

function entry(value: unknown, layerCount: number): CacheEntry {
  if (!isObject(value)) throw invalid('a record is no JSON object');
  const { key, createdMs, durationMs, base, layers, selections, epochSeconds } = value;
  if (!isDigest(key)) throw invalid('a record has no key');
  if (!isCount(createdMs) || !isCount(durationMs)) throw invalid(`the times of ${key} are unreadable`);
  if (base !== undefined && !isDigest(base)) throw invalid(`the base of ${key} is no digest`);
  if (epochSeconds !== undefined && !isCount(epochSeconds)) throw invalid(`the epoch of ${key} is no time`);
  const isIndex = (index: unknown) => isCount(index) && index < layerCount;
  if (layers !== undefined && !(Array.isArray(layers) && layers.every(isIndex)))
    throw invalid(`the layers of ${key} are not there`);
  return {
    key,
    createdMs,
    durationMs,
    ...(base === undefined ? {} : { base }),
    ...(layers === undefined ? {} : { layers }),
    ...(selections === undefined ? {} : { selections: selectionsOf(selections, key) }),
    ...(epochSeconds === undefined ? {} : { epochSeconds }),
  };
}

function selectionsOf(value: unknown, key: Digest): Readonly<Record<string, Digest>> {
  if (!isObject(value)) throw invalid(`the selections of ${key} are unreadable`);
  return Object.fromEntries(
    Object.entries(value).map(([name, digest]) => {
      if (!isDigest(digest)) throw invalid(`a selection of ${key} is no digest`);
      return [name, digest];
    }),
  );
}

function isLayer(value: unknown): value is { readonly diffId: DiffId; readonly sizeBytes: number } {
  return isObject(value) && isDigest(value['diffId']) && isCount(value['sizeBytes']);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function invalid(reason: string): KnownError {
  return new KnownError('CACHE_INVALID', `The cache cannot be read: ${reason}.`, {
    hint: 'Write it anew with --cache-to.',
  });
}
