import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { constants as osConstants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadLibc, systemError } from './libc.ts';

export interface LockOptions {
  /** Many may hold it shared at once. */
  readonly shared?: boolean;
}

/** A lock that is held until it is disposed of or the process ends, however it ends. */
export interface HeldLock extends AsyncDisposable, Disposable {}

const LOCK_SH = 1;
const LOCK_EX = 2;
const LOCK_NB = 4;
const FIRST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 50;

/**
 * Waits for the flock(2) of a file, which is made when it is not there (its folder must be). The lock belongs to the
 * opened file, so it also excludes a second holder in the same process, and works across namespaces. Never delete
 * a lock file that somebody may wait on: a waiter would get the lock of a file that nobody else can see. Waiters are
 * not served in order. Rejects with the signal's reason when aborted.
 */
export async function acquireLock(
  path: string,
  options: LockOptions & { readonly signal?: AbortSignal } = {},
): Promise<HeldLock> {
  const { signal } = options;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    signal?.throwIfAborted();
    const lock = tryLock(path, options);
    if (lock) return lock;
    // A blocking flock would hold a thread of libuv's pool that an abort cannot free.
    await sleep(pauseMs, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
  }
}

/** The lock when nobody is in the way, else undefined; does not wait. */
export function tryLock(path: string, options: LockOptions = {}): HeldLock | undefined {
  // Reading is enough for flock, and lets a process lock that maps the owner to another id.
  const fd = openSync(path, constants.O_RDONLY | constants.O_CREAT, 0o644);
  let locked = false;
  try {
    locked = flock(fd, (options.shared ? LOCK_SH : LOCK_EX) | LOCK_NB, path);
  } finally {
    if (!locked) closeSync(fd);
  }
  return locked ? heldLock(fd) : undefined;
}

function heldLock(fd: number): HeldLock {
  let held = true;
  const release = () => {
    if (held) closeSync(fd);
    held = false;
  };
  return { [Symbol.dispose]: release, [Symbol.asyncDispose]: async () => release() };
}

function flock(fd: number, operation: number, path: string): boolean {
  const libc = loadLibc();
  if (!libc) return flockByCommand(fd, operation, path);
  if (libc.flock(fd, operation) === 0) return true;
  if (libc.errno() === osConstants.errno.EWOULDBLOCK) return false;
  throw systemError(libc.errno(), 'flock', path);
}

/** The lock belongs to the opened file, which the child shares: what flock(1) locks stays locked here. */
function flockByCommand(fd: number, operation: number, path: string): boolean {
  const args = ['-n', operation & LOCK_SH ? '-s' : '-x', '3'];
  const { error, status } = spawnSync('flock', args, { stdio: ['ignore', 'ignore', 'ignore', fd] });
  if (error) throw systemError(osConstants.errno.ENOSYS, 'flock', path);
  return status === 0;
}
