import { randomBytes } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { removeCacheRecord } from '../build/cache/cache-records.ts';
import { systemErrorCode } from '../diagnostics/known-error.ts';
import type { Store } from '../distribution/store.ts';
import type { StoreUser } from '../distribution/store-use.ts';
import { type Digest, isDigest } from '../image/digest.ts';
import { removeTree } from '../rootfs/remove-tree.ts';
import { tryLock } from '../system/lock.ts';
import { isLockless } from './inventory/mounts.ts';
import type { Eviction } from './plan-eviction.ts';
import type { ContentId, StoreItem } from './store-item.ts';

export interface EvictOptions {
  readonly users: readonly StoreUser[];
  /** Contents of items that turned out to be in use. */
  readonly kept: ReadonlySet<ContentId>;
}

/** Removes an item with the contents that only it held. False when somebody uses it by now: then it stays whole. */
export async function evict(
  store: Store,
  { item, contents }: Pick<Eviction, 'item' | 'contents'>,
  { users, kept }: EvictOptions,
): Promise<boolean> {
  if (!(await removeItem(store, item, users))) return false;
  for (const content of contents) if (!kept.has(content)) await removeContent(store, content);
  return true;
}

async function removeItem(store: Store, item: StoreItem, users: readonly StoreUser[]): Promise<boolean> {
  const [path] = item.paths;
  switch (item.kind) {
    case 'image':
      await store.images.remove(item.id as Digest);
      return true;
    case 'record':
      return item.garbage ? removePaths(item) : path === undefined || removeCacheRecord({ path, usedMs: item.usedMs });
    case 'mount':
      return removeMount(item, users);
    case 'snapshot':
    case 'blob':
    case 'build':
    case 'context':
      return removePaths(item);
  }
}

function removePaths({ paths }: StoreItem): true {
  for (const path of paths) removeTree(path);
  return true;
}

/** Gone at once for the next step, which makes a new one. */
function removeMount({ id, paths: [dir = '', description = ''] }: StoreItem, users: readonly StoreUser[]): boolean {
  const lockPath = `${dir}.lock`;
  using lock = isLockless(id) ? undefined : tryLock(lockPath);
  if (!lock && !isLockless(id)) return false;
  const removed = `${dir}.removed-${randomBytes(8).toString('hex')}`;
  try {
    renameSync(dir, removed);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
  rmSync(description, { force: true });
  removeTree(removed);
  // Whoever waits for the lock would get that of a file nobody else can see.
  if (lock && users.length === 0) rmSync(lockPath, { force: true });
  return true;
}

async function removeContent(store: Store, content: ContentId): Promise<void> {
  if (content.startsWith('snapshots/')) {
    await store.snapshotter.remove(content.slice('snapshots/'.length));
    return;
  }
  const digest = content.slice('blobs/'.length);
  if (isDigest(digest)) store.blobs.remove(digest);
}
