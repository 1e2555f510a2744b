import { lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import type { GeneratedFile } from './generate-files.ts';

/**
 * Writes all files or none: each is written beside its place first, then renamed. What exists is replaced only when told;
 * a file that is the same already counts as written.
 * @throws KnownError FILE_EXISTS with the names, PERMISSION_DENIED.
 */
export function saveFiles(dir: string, files: readonly GeneratedFile[], { replace = false } = {}): void {
  const existing = files
    .map(({ path }) => path)
    .filter((path) => lstatSync(join(dir, path), { throwIfNoEntry: false }));
  if (existing.length > 0 && !replace) throw fileExists(existing);
  const pending = files.map(({ path, text }) => ({
    text,
    to: join(dir, path),
    from: join(dir, `.${path}.slipway-${process.pid}`),
  }));
  try {
    for (const { from, text } of pending) writeFileSync(from, text, { flag: 'wx' });
    for (const { from, to } of pending) renameSync(from, to);
  } catch (error) {
    for (const { from } of pending) rmSync(from, { force: true });
    const code = systemErrorCode(error);
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM') throw error;
    throw new KnownError('PERMISSION_DENIED', `Files may not be written to ${JSON.stringify(dir)}.`, { cause: error });
  }
}

function fileExists(paths: readonly string[]): KnownError {
  const list = paths.map((path) => JSON.stringify(path)).join(', ');
  return new KnownError(
    'FILE_EXISTS',
    `${list} ${paths.length === 1 ? 'is' : 'are'} there already; nothing was written.`,
    {
      hint: 'See what would be written with --dry-run, and replace them with --force.',
    },
  );
}
