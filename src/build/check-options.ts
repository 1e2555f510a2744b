import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { KnownError } from '../diagnostics/known-error.ts';
import { parseReference } from '../image/reference.ts';
import type { BuildOptions } from './build-options.ts';

/**
 * Finds what would fail at the end of a build, or in the middle of it, before there is any work to lose.
 * @throws KnownError REFERENCE_INVALID, SECRET_MISSING
 */
export function checkOptions({ tags = [], exports = [], secrets = [], cwd }: BuildOptions): void {
  for (const name of [...tags, ...exports.flatMap(({ names }) => names)]) parseReference(name);
  for (const { id, path } of secrets) {
    if (path === undefined || existsSync(resolve(cwd, path))) continue;
    throw new KnownError('SECRET_MISSING', `The file of secret "${id}" does not exist: ${path}.`, {
      hint: `Write --secret id=${id},src=FILE, or --secret id=${id},env=NAME for a variable.`,
    });
  }
}
