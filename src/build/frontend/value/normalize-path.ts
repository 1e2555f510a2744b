import { posix } from 'node:path';

/** An absolute, clean path; what is relative starts from `parent`, which is clean already. An empty one is the parent. */
export function normalizePath(parent: string, path: string): string {
  const absolute = posix.isAbsolute(path) ? path : posix.join('/', parent, path);
  const clean = posix.normalize(absolute);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}

/** As `normalizePath`, for a COPY destination: one that is written as a directory (`dir/`, `dir/.`, `.`) ends with a slash. */
export function normalizeDestination(parent: string, path: string): string {
  const clean = normalizePath(parent, path);
  const directory = path === '' || path === '.' || path.endsWith('/') || path.endsWith('/.');
  return directory && clean !== '/' ? `${clean}/` : clean;
}

/** What WORKDIR leaves in the image config: an absolute path stays as it is written, a relative one is joined and clean, an empty one changes nothing. */
export function joinWorkdir(current: string, path: string): string {
  if (path === '' && current !== '') return current;
  if (posix.isAbsolute(path)) return path;
  return normalizePath('/', posix.join(current === '' ? '/' : current, path));
}
