import { createHash } from 'node:crypto';
import type { Digest } from '../../image/digest.ts';

/**
 * What a step's result depends on. The named parts are kept beside the digest so that `explain` can name the one
 * that changed; inputs are the keys of the vertices it builds on, in order.
 */
export interface CacheKey {
  readonly digest: Digest;
  readonly parts: Readonly<Record<string, string>>;
  readonly inputs: readonly Digest[];
}

/** Parts and inputs decide the digest; the order in which parts were named does not. */
export function cacheKey(parts: Readonly<Record<string, string>>, inputs: readonly Digest[]): CacheKey {
  const canonical = JSON.stringify([Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1)), inputs]);
  const digest = `sha256:${createHash('sha256').update(canonical).digest('hex')}` as Digest;
  return { digest, parts, inputs };
}
