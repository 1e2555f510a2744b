import { lstatSync, realpathSync } from 'node:fs';
import { systemErrorCode } from '../diagnostics/known-error.ts';

const GONE: readonly string[] = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'];

/**
 * Whether a directory is at an absolute path and no symlink is in that path. To be asked before anything is changed in a root where a
 * process has run: it may have moved a directory away and left a link to anywhere on this machine in its place.
 */
export function isRealDirectory(path: string): boolean {
  try {
    return realpathSync.native(path) === path && lstatSync(path).isDirectory();
  } catch (error) {
    if (GONE.includes(systemErrorCode(error) ?? '')) return false;
    throw error;
  }
}
