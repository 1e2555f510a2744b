import { chmodSync, chownSync, existsSync, lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemErrorCode } from '../../../diagnostics/known-error.ts';
import { tryLock } from '../../../system/lock.ts';

export interface PrivateFile {
  readonly content: string | Uint8Array;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface HeldPrivateFile {
  readonly path: string;
  /** Idempotent. A step that has mounted the file keeps seeing it. */
  remove(): void;
}

const PREFIX = 'slipway-step-';
/** A folder that is this old and not locked lost its maker between two system calls. */
const ABANDONED_AFTER_MS = 10_000;

/**
 * A file that a step sees through a mount, such as a secret. It lies in memory where the machine has a place for that, in
 * a folder that only this user enters, and should be removed as soon as the step has its mount; then nothing is left however
 * this process ends. What a process that was killed before left behind, the next one takes away.
 */
export function createPrivateFile({ content, mode, uid, gid }: PrivateFile, parent = memoryFolder()): HeldPrivateFile {
  removeLeftovers(parent);
  const dir = mkdtempSync(join(parent, PREFIX));
  const lock = tryLock(join(dir, 'lock'));
  const path = join(dir, 'file');
  writeFileSync(path, content, { mode: 0o600 });
  chownIfPossible(path, uid, gid);
  chmodSync(path, mode);
  return {
    path,
    remove: () => {
      rmSync(dir, { recursive: true, force: true });
      lock?.[Symbol.dispose]();
    },
  };
}

function memoryFolder(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
}

/** An owner that this user's namespace does not have, no process of the step can be. */
export function chownIfPossible(path: string, uid: number, gid: number): void {
  try {
    chownSync(path, uid, gid);
  } catch (error) {
    if (!['EINVAL', 'EPERM'].includes(systemErrorCode(error) ?? '')) throw error;
  }
}

/** The folder is everybody's, so that only this user's own are looked at. */
function removeLeftovers(parent: string): void {
  for (const name of readdirSync(parent).filter((each) => each.startsWith(PREFIX))) {
    const dir = join(parent, name);
    const stat = lstatSync(dir, { throwIfNoEntry: false });
    if (!stat?.isDirectory() || stat.uid !== process.geteuid?.()) continue;
    if (Date.now() - stat.ctimeMs > ABANDONED_AFTER_MS && !isHeld(dir)) rmSync(dir, { recursive: true, force: true });
  }
}

function isHeld(dir: string): boolean {
  try {
    using lock = tryLock(join(dir, 'lock'));
    return lock === undefined;
  } catch (error) {
    // Its owner took it away just now.
    if (systemErrorCode(error) === 'ENOENT') return true;
    throw error;
  }
}
