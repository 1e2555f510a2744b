import { utimesSync } from 'node:fs';
import { systemErrorCode } from '../diagnostics/known-error.ts';

/** Who may read a store need not own it, and a file that is not there is not used. */
const IGNORED: readonly string[] = ['ENOENT', 'EACCES', 'EPERM', 'EROFS'];

/** Marks a file or folder of the store as used now, by its mtime: prune lets go first what was not used for longest. */
export function noteUse(path: string): void {
  const now = Date.now() / 1000;
  try {
    utimesSync(path, now, now);
  } catch (error) {
    if (!IGNORED.includes(systemErrorCode(error) ?? '')) throw error;
  }
}
