import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../diagnostics/known-error.ts';
import type { Store } from '../distribution/store.ts';
import { cacheRecords } from './needed-content.ts';

/** How much of one kind of content there is. */
export interface Usage {
  readonly count: number;
  /** On disk. */
  readonly bytes: number;
}

export interface StoreUsage {
  readonly images: number;
  readonly names: number;
  readonly steps: number;
  readonly snapshots: Usage;
  readonly blobs: Usage;
  /** Cache mounts and Go's build caches. */
  readonly mounts: Usage;
}

/** Walks every file of the store: about a second for 100,000. */
export async function storeUsage(store: Store): Promise<StoreUsage> {
  const seen = new Set<number>();
  const blobs = store.blobs.list();
  const snapshots = await store.snapshotter.list();
  const folder = (name: string) => diskBytes(join(store.root, name), seen);
  return {
    images: store.images.ids().length,
    names: store.images.references().length,
    steps: cacheRecords(store).length,
    snapshots: { count: snapshots.length, bytes: folder('snapshots') },
    blobs: { count: blobs.length, bytes: folder('blobs') },
    mounts: { count: namesIn(join(store.root, 'mounts')).length, bytes: folder('mounts') },
  };
}

/** A file with several names counts once. What may not be read counts as nothing. */
function diskBytes(path: string, seen: Set<number>): number {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) {
    if (stats.nlink > 1 && seen.has(stats.ino)) return 0;
    if (stats.nlink > 1) seen.add(stats.ino);
    return stats.blocks * 512;
  }
  return namesIn(path).reduce((sum, name) => sum + diskBytes(join(path, name), seen), stats.blocks * 512);
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (['ENOENT', 'EACCES'].includes(systemErrorCode(error) ?? '')) return [];
    throw error;
  }
}
