import { readdirSync, statSync } from 'node:fs';
import { systemErrorCode } from '../../diagnostics/known-error.ts';

/** Names in a folder, unordered; none when it is not there or may not be read. */
export function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(systemErrorCode(error) ?? '')) return [];
    throw error;
  }
}

/**
 * Whoever uses something in the store says so by its mtime (note-use.ts); access times are kept a day late or not at all, and
 * a look at the store would change them. 0 when it is not there. Milliseconds.
 */
export function lastUsedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
