import type { CacheArtifact } from './cache-artifact.ts';
import { type CachePlace, type PlaceOptions, readBlob } from './cache-place.ts';
import { MAX_INDEX_BYTES, type MountsIndex, parseMountsIndex } from './mounts-index.ts';
import { invalid } from './parse-cache-config.ts';

/** @throws KnownError CACHE_INVALID, and as the place's `open` */
export async function readMountsIndex(
  place: CachePlace,
  { index, packs }: NonNullable<CacheArtifact['mounts']>,
  options: PlaceOptions,
): Promise<MountsIndex> {
  if (index.size > MAX_INDEX_BYTES) throw invalid(`the index of its cache mounts has ${index.size} bytes`);
  const listed = parseMountsIndex(await readBlob(place, index, { signal: options.signal }));
  const there = new Set(packs.map(({ digest }) => digest));
  const missing = listed.packs.find(({ digest }) => !there.has(digest));
  if (missing) throw invalid(`the manifest does not name the pack ${missing.digest}`);
  return listed;
}
