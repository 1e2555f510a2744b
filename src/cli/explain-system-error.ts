import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';

/** Of a path that is longer than anybody reads. */
const SHOWN_CHARS = 200;

/**
 * What the machine refuses wherever it happens (a full disk, a folder that may not be written) is the user's to mend, so it
 * becomes a KnownError here, once. Anything else is returned as it is.
 */
export function explainSystemError(error: unknown): unknown {
  if (error instanceof KnownError || !(error instanceof Error)) return error;
  const path = ['dest', 'path']
    .map((name) => (error as unknown as Record<string, unknown>)[name])
    .find((value) => typeof value === 'string');
  const place = path === undefined ? '' : `: ${path}`;
  switch (systemErrorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new KnownError('DISK_FULL', `No space is left on the disk${place}.`, {
        hint: 'Free some with "slipway prune", or put the store elsewhere with --root or SLIPWAY_ROOT.',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new KnownError('PERMISSION_DENIED', `The system refused access${place} (${systemErrorCode(error)}).`, {
        hint: 'Check who owns the path; a store of your own is chosen with --root or SLIPWAY_ROOT.',
        cause: error,
      });
    case 'EMFILE':
    case 'ENFILE':
      return new KnownError('PERMISSION_DENIED', 'Too many files are open at once (EMFILE).', {
        hint: 'Raise the limit: ulimit -n 4096.',
        cause: error,
      });
    case 'ENAMETOOLONG':
      return new KnownError('LAYER_FILE_NAME', `A path is too long${place.slice(0, SHOWN_CHARS)}….`, {
        hint: 'Linux takes paths of up to 4096 bytes: remove such a tree in the step that makes it, and look for links in circles.',
        cause: error,
      });
    default:
      return error;
  }
}
