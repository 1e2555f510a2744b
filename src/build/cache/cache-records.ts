import { readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import type { Digest } from '../../image/digest.ts';
import type { CacheRecord } from './cache-store.ts';

/** A record as prune sees it. */
export interface KeptRecord {
  readonly path: string;
  readonly key: Digest;
  readonly snapshotId: string;
  readonly name: string;
  /** When it was last looked up or written. Milliseconds. */
  readonly usedMs: number;
  /** What the step took when it ran. Milliseconds. */
  readonly durationMs: number;
}

/** Every record below the store's `cache/`, unordered; those that cannot be read are misses and left out. */
export function listCacheRecords(cacheDir: string): KeptRecord[] {
  const dir = join(cacheDir, 'records');
  return namesIn(dir).flatMap((folder) =>
    namesIn(join(dir, folder))
      .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
      .flatMap((name) => readRecord(join(dir, folder, name)) ?? []),
  );
}

/**
 * Removes a record, unless it was looked up since it was listed: then somebody relies on its snapshot. Lookups that come
 * later find none. True when it is gone.
 */
export function removeCacheRecord({ path, usedMs }: Pick<KeptRecord, 'path' | 'usedMs'>): boolean {
  const aside = join(dirname(path), `.removed-${basename(path)}`);
  try {
    renameSync(path, aside);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return true;
    throw error;
  }
  if (statSync(aside).mtimeMs > usedMs) {
    renameSync(aside, path);
    return false;
  }
  rmSync(aside);
  return true;
}

function readRecord(path: string): KeptRecord | undefined {
  try {
    const { mtimeMs } = statSync(path);
    const { key, snapshotId, name, durationMs }: CacheRecord = JSON.parse(readFileSync(path, 'utf8'));
    return { path, key: key.digest, snapshotId, name, durationMs, usedMs: mtimeMs };
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return [];
    throw error;
  }
}
