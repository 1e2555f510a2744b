import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface WriteFileOptions {
  /** Permission bits before the umask; 0o644 by default. */
  readonly mode?: number;
  /**
   * Wait until the bytes are on disk (the default). Without it a power cut may leave an empty file, which is enough
   * for what can be made anew.
   */
  readonly durable?: boolean;
}

/**
 * Writes a file so that a reader sees the old content or the new one whole, also after a crash: a temporary name in
 * the same folder (`.tmp-…`), fsync, rename. The folder must be there.
 */
export function writeFileAtomic(path: string, data: string | Uint8Array, options: WriteFileOptions = {}): void {
  const temporary = join(dirname(path), `.tmp-${randomBytes(6).toString('hex')}-${basename(path).slice(0, 100)}`);
  const fd = openSync(temporary, 'wx', options.mode ?? 0o644);
  try {
    try {
      writeFileSync(fd, data);
      if (options.durable !== false) fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, path);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  }
}
