import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import type { CacheRecord } from './cache-store.ts';

/** A record as prune sees it. */
export interface KeptRecord {
  readonly path: string;
  readonly snapshotId: string;
  readonly name: string;
  /** When it was last looked up, as far as the disk knows it (access times may lag by a day). Milliseconds. */
  readonly usedMs: number;
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

export function removeCacheRecord({ path }: KeptRecord): void {
  rmSync(path, { force: true });
}

function readRecord(path: string): KeptRecord | undefined {
  try {
    // Before it is read, which is a use as well.
    const { atimeMs, mtimeMs } = statSync(path);
    const { snapshotId, name }: CacheRecord = JSON.parse(readFileSync(path, 'utf8'));
    return { path, snapshotId, name, usedMs: Math.max(atimeMs, mtimeMs) };
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
