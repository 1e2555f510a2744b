import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { acquireLock, type HeldLock, tryLock } from '../../../system/lock.ts';
import type { RunMount } from '../../graph/op.ts';

type CacheRunMount = Extract<RunMount, { type: 'cache' }>;

export interface HeldCacheMount extends AsyncDisposable {
  /** Absolute path of the cache's files. */
  readonly dir: string;
}

export interface CacheMountOptions {
  /** The store's `mounts/`. */
  readonly root: string;
  readonly signal: AbortSignal;
  /** Fills a new, empty cache folder (`from=`). */
  readonly seed?: (dir: string) => Promise<void>;
  /** Identifies what it was seeded from; caches with different seeds are different caches. */
  readonly seedKey?: string;
}

/**
 * The folder of a cache mount, made when it is new. `shared`: any number of steps at once; `locked`: one at a time, others
 * wait; `private`: a step that finds the folder in use gets another one. Disposing gives it back, keeping the files.
 */
export async function holdCacheMount(mount: CacheRunMount, options: CacheMountOptions): Promise<HeldCacheMount> {
  mkdirSync(options.root, { recursive: true });
  const name = createHash('sha256')
    .update(`${mount.id}\0${options.seedKey ?? ''}`)
    .digest('hex')
    .slice(0, 32);
  const held = await hold(join(options.root, name), mount.sharing, options.signal);
  try {
    if (!existsSync(held.dir)) await create(held.dir, mount, options);
  } catch (error) {
    held.lock[Symbol.dispose]();
    throw error;
  }
  return { dir: held.dir, [Symbol.asyncDispose]: () => held.lock[Symbol.asyncDispose]() };
}

async function hold(
  path: string,
  sharing: CacheRunMount['sharing'],
  signal: AbortSignal,
): Promise<{ dir: string; lock: HeldLock }> {
  if (sharing !== 'private') {
    return { dir: path, lock: await acquireLock(`${path}.lock`, { shared: sharing === 'shared', signal }) };
  }
  for (let copy = 0; ; copy++) {
    const dir = copy === 0 ? path : `${path}-${copy}`;
    const lock = tryLock(`${dir}.lock`);
    if (lock) return { dir, lock };
  }
}

/** Appears whole: a seed that was interrupted never looks like a cache. */
async function create(dir: string, mount: CacheRunMount, { seed }: CacheMountOptions): Promise<void> {
  const making = `${dir}.new-${process.pid}-${Date.now()}`;
  mkdirSync(making, { recursive: true });
  try {
    await seed?.(making);
    chownSync(making, mount.uid ?? 0, mount.gid ?? 0);
    chmodSync(making, mount.mode ?? 0o755);
    if (!existsSync(dir)) renameSync(making, dir);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}
