import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import type { FileEntry } from '../context/file-tree.ts';
import { assertUnchanged, NO_CONTENT, openEntry } from '../context/open-entry.ts';
import { systemErrorCode } from '../diagnostics/known-error.ts';
import type { Digest } from '../image/digest.ts';

/** Below this a read and a write are faster than what the kernel needs to copy by itself. */
const SMALL_BYTES = 256 * 1024;
const CHUNK_BYTES = 1024 * 1024;

export interface CopyOptions {
  /** Compute the sha256 of the content on the way. */
  readonly digest?: boolean;
}

/**
 * Copies a regular file's bytes to a new file (mode 0600; EEXIST when something is there), sharing the blocks where the
 * filesystem can. The source is not followed when it is a symlink. Fails with EINVAL when it is no regular file, and with
 * CONTEXT_CHANGED when it is not, or no longer, the file that the entry was made from.
 */
export function copyContent(source: FileEntry, target: string, options: CopyOptions = {}): Digest | undefined {
  const from = openEntry(source);
  try {
    const stat = fstatSync(from);
    if (!stat.isFile() && source.hostPath !== NO_CONTENT)
      throw Object.assign(new Error(`EINVAL: no regular file '${source.hostPath}'`), { code: 'EINVAL' });
    const inKernel = stat.size > SMALL_BYTES && !options.digest && copyInKernel(from, target);
    const digest = inKernel ? undefined : copyByReading(from, target, { ...options, size: stat.size });
    assertUnchanged(source, from);
    return digest;
  } finally {
    closeSync(from);
  }
}

/** Reflink where there is one, else copy_file_range; by way of the open file, which nobody can exchange. */
function copyInKernel(from: number, target: string): boolean {
  const fd = openSync(target, 'wx', 0o600);
  closeSync(fd);
  try {
    copyFileSync(`/proc/self/fd/${from}`, target, constants.COPYFILE_FICLONE);
    return true;
  } catch (error) {
    // The copy may have removed it already.
    rmSync(target, { force: true });
    if (systemErrorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function copyByReading(from: number, target: string, options: CopyOptions & { size: number }): Digest | undefined {
  const to = openSync(target, 'wx', 0o600);
  try {
    const hash = options.digest ? createHash('sha256') : undefined;
    const buffer = Buffer.allocUnsafe(Math.min(options.size + 1, CHUNK_BYTES));
    for (let read = readSync(from, buffer); read > 0; read = readSync(from, buffer)) {
      const chunk = buffer.subarray(0, read);
      hash?.update(chunk);
      writeWhole(to, chunk);
      // One byte more than the size was asked for: less came, so this was the end.
      if (read < buffer.length) break;
    }
    return hash && (`sha256:${hash.digest('hex')}` as Digest);
  } finally {
    closeSync(to);
  }
}

function writeWhole(fd: number, bytes: Buffer): void {
  for (let offset = 0; offset < bytes.length; ) offset += writeSync(fd, bytes, offset);
}

/** Writes a new file (mode 0600) with this content; EEXIST when something is there. */
export function writeContent(target: string, content: string | Uint8Array): void {
  writeFileSync(target, content, { flag: 'wx', mode: 0o600 });
}
