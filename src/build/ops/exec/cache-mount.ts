import { chmodSync, chownSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { acquireLock, type HeldLock, tryLock } from '../../../system/lock.ts';
import { noteUse } from '../../../system/note-use.ts';
import {
  lockMount,
  type MountIdentity,
  makeMountsFolder,
  mountFolder,
  writeIdentity,
} from '../../cache/mount-folder.ts';
import type { RunMount } from '../../graph/op.ts';

type CacheRunMount = Extract<RunMount, { type: 'cache' }>;

export interface HeldCacheMount extends AsyncDisposable {
  /** Absolute path of the cache's files. */
  readonly dir: string;
}

/** Of the directory that a cache is filled from. */
export interface SeedAttributes {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface CacheMountOptions {
  /** The store's `mounts/`. */
  readonly root: string;
  readonly identity: MountIdentity;
  readonly signal: AbortSignal;
  /** Fills a new, empty cache folder with what another store had; false when none did. */
  readonly fill?: ((identity: MountIdentity, dir: string, signal: AbortSignal) => Promise<boolean>) | undefined;
  /** Fills it otherwise (`from=`); it is then like what it was filled from: mode, uid and gid of the mount say nothing. */
  readonly seed?: (dir: string) => Promise<SeedAttributes | undefined>;
}

/**
 * The folder of a cache mount, made when it is new. `shared`: any number of steps at once; `locked`: one at a time, others
 * wait; `private`: a step that finds the folder in use gets another one. Disposing gives it back, keeping the files.
 */
export async function holdCacheMount(
  mount: Pick<CacheRunMount, 'sharing' | 'mode' | 'uid' | 'gid'>,
  options: CacheMountOptions,
): Promise<HeldCacheMount> {
  makeMountsFolder(options.root);
  const held = await hold(mountFolder(options.root, options.identity), mount.sharing, options.signal);
  try {
    if (!existsSync(held.dir)) await create(held, mount, options);
    if (!held.isCopy) writeIdentity(held.dir, options.identity);
    noteUse(`${held.dir}.lock`);
  } catch (error) {
    held.lock[Symbol.dispose]();
    throw error;
  }
  return { dir: held.dir, [Symbol.asyncDispose]: () => held.lock[Symbol.asyncDispose]() };
}

interface HeldFolder {
  readonly dir: string;
  readonly lock: HeldLock;
  /** It was made because the mount's own folder was in use. */
  readonly isCopy: boolean;
}

async function hold(path: string, sharing: CacheRunMount['sharing'], signal: AbortSignal): Promise<HeldFolder> {
  if (sharing !== 'private') {
    return { dir: path, lock: await lockMount(path, { shared: sharing === 'shared', signal }), isCopy: false };
  }
  for (let copy = 0; ; copy++) {
    const dir = copy === 0 ? path : `${path}-${copy}`;
    const lock = tryLock(`${dir}.lock`);
    if (lock) return { dir, lock, isCopy: copy > 0 };
  }
}

/** Appears whole, once: what was interrupted never looks like a cache. */
async function create(
  { dir, isCopy }: HeldFolder,
  mount: Pick<CacheRunMount, 'mode' | 'uid' | 'gid'>,
  { identity, fill, seed, signal }: CacheMountOptions,
): Promise<void> {
  await using _creating = await acquireLock(`${dir}.new.lock`, { signal });
  if (existsSync(dir)) return;
  const making = `${dir}.new-${process.pid}-${Date.now()}`;
  mkdirSync(making, { recursive: true });
  try {
    const isFilled = !isCopy && (await fill?.(identity, making, signal));
    const { uid = 0, gid = 0, mode = 0o755 } = (isFilled ? undefined : await seed?.(making)) ?? mount;
    chownSync(making, uid, gid);
    chmodSync(making, mode);
    renameSync(making, dir);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}
