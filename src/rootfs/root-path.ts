import type { FileEntry } from '../context/file-tree.ts';
import { KnownError } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';

/** As in the kernel (MAXSYMLINKS counts a little less generously than what people have on disk). */
const MAX_LINKS = 255;
/** PATH_MAX: no path that is longer can be made. */
const MAX_PATH = 4096;

/**
 * Where a path leads within a root, as a process sees it that is confined there: absolute links start at the root and
 * `..` ends there. What does not exist is kept as written, so that it can be made. Returns a path as in `FileEntry.path`.
 * @throws KnownError COPY_DESTINATION for a loop of links or a path that is too long.
 */
export function rootPath(
  lstat: (path: string) => FileEntry | undefined,
  path: string,
  options: { readonly followLast: boolean } = { followLast: true },
): string {
  if (path.length > MAX_PATH) throw badPath(path, 'is too long');
  const pending = path.split('/').reverse();
  const done: string[] = [];
  /** How many of `done` are there; what is below something missing is missing too. */
  let existing = 0;
  for (let links = 0; pending.length > 0; ) {
    const part = pending.pop();
    if (part === undefined || part === '' || part === '.') continue;
    if (part === '..') {
      done.pop();
      existing = Math.min(existing, done.length);
      continue;
    }
    done.push(part);
    if (!options.followLast && pending.every((rest) => rest === '' || rest === '.')) break;
    const entry = existing === done.length - 1 ? lstat(done.join('/')) : undefined;
    if (entry) existing++;
    const target = entry?.linkTarget;
    if (target === undefined) continue;
    if (++links > MAX_LINKS || target.length > MAX_PATH) throw badPath(path, 'has too many symbolic links');
    if (target.startsWith('/')) done.length = 0;
    else done.pop();
    existing = done.length;
    pending.push(...target.split('/').reverse());
  }
  const resolved = done.join('/');
  if (resolved.length > MAX_PATH) throw badPath(path, 'is too long');
  return resolved;
}

function badPath(path: string, problem: string): KnownError {
  return new KnownError('COPY_DESTINATION', `The path "${stripControl(path.slice(0, 200))}" ${problem}.`);
}
