import { chmodSync } from 'node:fs';
import { loadLibc, rejectNul, systemError } from './libc.ts';
import { runCommand } from './run-command.ts';

export interface NodeOptions {
  readonly type: 'char' | 'block' | 'fifo';
  /** Permission bits, given exactly (the umask takes no part). */
  readonly mode: number;
  /** 0 for a fifo. */
  readonly major?: number;
  readonly minor?: number;
}

const TYPE_BITS = { char: 0o020000, block: 0o060000, fifo: 0o010000 } as const;
const TYPE_LETTERS = { char: 'c', block: 'b', fifo: 'p' } as const;

/**
 * Makes a device node or a named pipe. Any user may make the char device 0/0 (overlayfs' whiteout) since Linux 5.8.
 * @throws a system error: EPERM without the privilege for devices, EEXIST.
 */
export function makeNode(path: string, options: NodeOptions): void {
  rejectNul(path);
  const { type, mode, major = 0, minor = 0 } = options;
  const libc = loadLibc();
  if (!libc) {
    const device = type === 'fifo' ? [] : [String(major), String(minor)];
    runCommand(['mknod', '-m', mode.toString(8), '--', path, TYPE_LETTERS[type], ...device], path);
    return;
  }
  if (libc.mknod(path, TYPE_BITS[type] | mode, makeDevice(major, minor)) < 0) {
    throw systemError(libc.errno(), 'mknod', path);
  }
  chmodSync(path, mode);
}

/** dev_t as glibc and musl have it (makedev(3)). */
function makeDevice(major: number, minor: number): bigint {
  const [high, low] = [BigInt(major), BigInt(minor)];
  return ((high & 0xfffff000n) << 32n) | ((high & 0xfffn) << 8n) | ((low & 0xffffff00n) << 12n) | (low & 0xffn);
}

/** The two halves of `stat.rdev`, the reverse of makedev(3). */
export function splitDevice(rdev: bigint): { readonly major: number; readonly minor: number } {
  const major = ((rdev >> 32n) & 0xfffff000n) | ((rdev >> 8n) & 0xfffn);
  const minor = ((rdev >> 12n) & 0xffffff00n) | (rdev & 0xffn);
  return { major: Number(major), minor: Number(minor) };
}
