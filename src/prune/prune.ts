/**
 * Removes what nothing in the store refers to, and what the user asked to let go: images without a name, steps of the
 * build cache, snapshots and blobs that neither an image, a cache record nor a running container needs. It must not know
 * how any of it came about. What surprises: while builds run, only leftovers from before they began are taken, since any
 * record may be the one that they look up next.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type KeptRecord, removeCacheRecord } from '../build/cache/cache-records.ts';
import { runningContainers } from '../container/container-state.ts';
import type { Store } from '../distribution/store.ts';
import { beginSweep, type StoreUser } from '../distribution/store-use.ts';
import type { StoredImage } from '../image/store/stored-image.ts';
import { removeTree } from '../rootfs/remove-tree.ts';
import { cacheRecords, neededContent } from './needed-content.ts';

export interface PruneOptions {
  /** Also the whole build cache: steps, cache mounts, Go's build caches, layers compressed for other places. */
  readonly all: boolean;
  /** Cache records and unnamed images that were used or made after it stay. Milliseconds. */
  readonly keepSinceMs?: number | undefined;
  readonly signal: AbortSignal;
}

export type PrunedKind = 'image' | 'step' | 'snapshot' | 'blob' | 'folder';

export interface PrunedItem {
  readonly kind: PrunedKind;
  /** An id, a digest, a step's name, a folder. */
  readonly name: string;
  /** Words that follow the thing: `without a name`. */
  readonly why: string;
  readonly bytes: number;
}

export interface PruneResult {
  readonly items: readonly PrunedItem[];
  readonly bytes: number;
  /** Those whose work kept things from being removed. */
  readonly users: readonly StoreUser[];
}

const ABANDONED_MS = 3600 * 1000;

/** @throws KnownError STORE_LOCKED when another prune is at work */
export async function prune(store: Store, options: PruneOptions): Promise<PruneResult> {
  using sweep = beginSweep(store.root);
  const items: PrunedItem[] = [];
  if (sweep.users.length === 0) {
    items.push(...(await removeImages(store, options)), ...removeSteps(store, options));
    if (options.all) items.push(...removeFolders(store));
  }
  items.push(...(await removeUnneeded(store, options, sweep.users)));
  await store.images.refreshIndex();
  return { items, bytes: items.reduce((sum, { bytes }) => sum + bytes, 0), users: sweep.users };
}

async function removeImages(store: Store, { keepSinceMs }: PruneOptions): Promise<PrunedItem[]> {
  const inUse = new Set(runningContainers(store.root).map(({ image }) => image));
  const isOld = ({ storedMs }: StoredImage) => keepSinceMs === undefined || storedMs < keepSinceMs;
  const removed = store.images.dangling().filter((image) => !inUse.has(image.id) && isOld(image));
  for (const { id } of removed) await store.images.remove(id);
  return removed.map(({ id }) => ({ kind: 'image', name: id, why: 'without a name', bytes: 0 }));
}

/** A time alone means the cache from before it. */
function removeSteps(store: Store, { all, keepSinceMs }: PruneOptions): PrunedItem[] {
  if (!all && keepSinceMs === undefined) return [];
  const isOld = ({ usedMs }: KeptRecord) => keepSinceMs === undefined || usedMs < keepSinceMs;
  const removed = cacheRecords(store).filter(isOld);
  for (const record of removed) removeCacheRecord(record);
  const why = keepSinceMs === undefined ? 'of the build cache' : 'of the build cache, not used since';
  return removed.map(({ name }) => ({ kind: 'step', name, why, bytes: 0 }));
}

/** What steps keep for their next run, and what can be computed again. */
function removeFolders({ root }: Store): PrunedItem[] {
  const folders = [
    { name: 'mounts', why: "of cache mounts and Go's build caches" },
    { name: 'cache/selections', why: 'of remembered selections' },
  ] as const;
  return folders.flatMap(({ name, why }) => {
    const bytes = removeTree(join(root, name));
    return bytes === 0 ? [] : [{ kind: 'folder', name, why, bytes } as const];
  });
}

async function removeUnneeded(
  store: Store,
  { all, signal }: PruneOptions,
  users: readonly StoreUser[],
): Promise<PrunedItem[]> {
  const images = store.images.list();
  const needed = await neededContent(store, { images, records: cacheRecords(store), keepCompressed: !all });
  const beforeMs = Math.min(Number.POSITIVE_INFINITY, ...users.map(({ startedMs }) => startedMs));
  const why = 'that nothing refers to';
  const items: PrunedItem[] = [];
  for (const id of await store.snapshotter.list()) {
    signal.throwIfAborted();
    if (needed.snapshots.has(id) || !isOlder(join(store.root, 'snapshots', id), beforeMs)) continue;
    items.push({ kind: 'snapshot', name: id, why, bytes: await store.snapshotter.remove(id) });
  }
  for (const digest of store.blobs.list()) {
    if (needed.blobs.has(digest) || !isOlder(store.blobs.path(digest), beforeMs)) continue;
    items.push({ kind: 'blob', name: digest, why, bytes: store.blobs.remove(digest) });
  }
  const abandoned = store.blobs.removeAbandoned(users.length === 0 ? 0 : ABANDONED_MS);
  if (abandoned > 0)
    items.push({ kind: 'blob', name: 'unfinished', why: 'that were never finished', bytes: abandoned });
  return items;
}

function isOlder(path: string, beforeMs: number): boolean {
  if (beforeMs === Number.POSITIVE_INFINITY) return true;
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && stats.mtimeMs < beforeMs;
}
