import { closeSync, constants, fstatSync, openSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { FileEntry } from './file-tree.ts';

const OPEN_DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * A directory that a user named, symlinks resolved; `name` is what messages call it.
 * @throws KnownError CONTEXT_NOT_FOUND with the nearest name, PERMISSION_DENIED.
 */
export function realDirectory(dir: string, name: string): string {
  try {
    return realpathSync(dir);
  } catch (error) {
    const code = systemErrorCode(error);
    const text = JSON.stringify(dir);
    if (code === 'EACCES') throw new KnownError('PERMISSION_DENIED', `${name} may not be read: ${text}.`);
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ELOOP') throw error;
    const near = nearestSibling(dir);
    throw new KnownError('CONTEXT_NOT_FOUND', `${name} does not exist: ${text}.`, {
      hint: near === undefined ? undefined : `Did you mean ${JSON.stringify(near)}?`,
      cause: error,
    });
  }
}

function nearestSibling(dir: string): string | undefined {
  try {
    const parent = dirname(dir);
    const name = nearest(basename(dir), readdirSync(parent));
    return name === undefined ? undefined : join(parent, name);
  } catch {
    // A suggestion is a courtesy: where the parent cannot be read either, there is none.
    return undefined;
  }
}

/**
 * Opens the very directory that an entry was made from; the caller closes it.
 * @throws KnownError CONTEXT_CHANGED when another one, or none, is in its place by now; PERMISSION_DENIED.
 */
export function openDirectory(directory: FileEntry, tree: string): number {
  const shown = `The directory ${JSON.stringify(shortened(directory.path || '.'))} of ${tree}`;
  try {
    const fd = openSync(directory.hostPath, OPEN_DIRECTORY);
    const stats = fstatSync(fd, { bigint: true });
    if (stats.dev === directory.identity?.device && stats.ino === directory.identity.inode) return fd;
    closeSync(fd);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EACCES') {
      const hint = 'Change its permissions, or name it in .dockerignore.';
      throw new KnownError('PERMISSION_DENIED', `${shown} may not be read.`, { hint, cause: error });
    }
    if (code === 'ENAMETOOLONG') {
      const hint = 'Linux takes paths of up to 4096 bytes; name one of its parents in .dockerignore.';
      throw new KnownError('CONTEXT_FILE_NAME', `${shown} has too long a path.`, { hint, cause: error });
    }
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ELOOP') throw error;
  }
  const hint = 'Build again when nothing writes there.';
  throw new KnownError('CONTEXT_CHANGED', `${shown} was replaced during the build.`, { hint });
}

function shortened(path: string): string {
  return path.length > 200 ? `${path.slice(0, 200)}…` : path;
}
