import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import type { FileEntry } from './file-tree.ts';

/** The one path that does not come from a walk: it stands for a file without bytes. */
export const NO_CONTENT = '/dev/null';

const OPEN_FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Opens the contents of a regular file for reading; the caller closes the descriptor. Never follows a link and never
 * opens another file than the one the entry was made from, whatever became of the path meanwhile; a file that was
 * written to since is refused as well, so that what is copied is what the cache key was made of.
 * @throws KnownError CONTEXT_CHANGED, PERMISSION_DENIED.
 */
export function openEntry(entry: FileEntry): number {
  const fd = open(entry);
  try {
    if (!isUnchanged(entry, fd)) throw changed(entry);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return fd;
}

/** Call it when all was read: a file that was written to meanwhile may have been read half old, half new. */
export function assertUnchanged(entry: FileEntry, fd: number): void {
  if (!isUnchanged(entry, fd)) throw changed(entry);
}

function open(entry: FileEntry): number {
  if (entry.hostPath === NO_CONTENT) return openSync(entry.hostPath, constants.O_RDONLY);
  try {
    return openSync(entry.hostPath, OPEN_FILE);
  } catch (error) {
    switch (systemErrorCode(error)) {
      case 'EACCES':
        throw new KnownError('PERMISSION_DENIED', `The file ${JSON.stringify(entry.path)} may not be read.`, {
          hint: 'Change its permissions, or name it in .dockerignore.',
          cause: error,
        });
      case 'ENOENT':
      case 'ENOTDIR':
      case 'ELOOP':
      case 'ENXIO':
        throw changed(entry);
      default:
        throw error;
    }
  }
}

function isUnchanged(entry: FileEntry, fd: number): boolean {
  const { identity } = entry;
  if (!identity) return true;
  const stats = fstatSync(fd, { bigint: true });
  return (
    stats.ino === identity.inode &&
    stats.dev === identity.device &&
    stats.ctimeNs === identity.ctimeNs &&
    stats.mtimeNs === identity.mtimeNs &&
    stats.size === identity.size
  );
}

function changed(entry: FileEntry): KnownError {
  return new KnownError('CONTEXT_CHANGED', `The file ${JSON.stringify(entry.path)} was changed during the build.`, {
    hint: 'Build again when nothing writes there.',
  });
}
