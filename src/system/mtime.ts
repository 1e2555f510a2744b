import { lutimesSync } from 'node:fs';
import { type Libc, loadLibc, rejectNul, systemError } from './libc.ts';
import { runCommand } from './run-command.ts';

const NS_PER_SECOND = 1_000_000_000n;
const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;

/** struct timespec[2] of 64-bit Linux: access and modification. */
const times = Buffer.alloc(32);

/**
 * Sets the modification time (and the access time to the same) in nanoseconds since the epoch, which may be negative.
 * Does not follow a symlink.
 */
export function setMtime(path: string, mtimeNs: bigint): void {
  rejectNul(path);
  const nanoseconds = ((mtimeNs % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND;
  const seconds = (mtimeNs - nanoseconds) / NS_PER_SECOND;
  // Node.js counts in microseconds: exact for whole seconds, and then koffi need not be loaded.
  if (nanoseconds === 0n && seconds >= 0n) {
    lutimesSync(path, Number(seconds), Number(seconds));
    return;
  }
  const libc = loadLibc();
  if (libc) setByCall(libc, path, seconds, nanoseconds);
  else runCommand(['touch', '-h', '-c', '-d', decimalTime(mtimeNs), '--', path], path);
}

function setByCall(libc: Libc, path: string, seconds: bigint, nanoseconds: bigint): void {
  for (const offset of [0, 16]) {
    times.writeBigInt64LE(seconds, offset);
    times.writeBigInt64LE(nanoseconds, offset + 8);
  }
  if (libc.utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) < 0) {
    throw systemError(libc.errno(), 'utimensat', path);
  }
}

/** Seconds since the epoch as touch takes them: `@-1.5`. */
function decimalTime(ns: bigint): string {
  const [sign, size] = ns < 0n ? ['-', -ns] : ['', ns];
  return `@${sign}${size / NS_PER_SECOND}.${String(size % NS_PER_SECOND).padStart(9, '0')}`;
}
