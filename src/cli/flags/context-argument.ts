import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { nearestPath } from '../../build/nearest-path.ts';
import { KnownError } from '../../diagnostics/known-error.ts';

export interface ContextArguments {
  readonly cwd: string;
  readonly path: string;
  /** -f */
  readonly file: string | undefined;
}

export interface LocatedContext {
  /** Absolute. */
  readonly dir: string;
  /** Absolute; it need not exist. */
  readonly dockerfile: string;
}

/** A context that is a directory, and its Dockerfile. @throws KnownError CONTEXT_NOT_FOUND */
export function locateContext({ cwd, path, file }: ContextArguments): LocatedContext {
  const dir = resolve(cwd, path);
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) {
    return { dir, dockerfile: file === undefined ? resolve(dir, 'Dockerfile') : resolve(cwd, file) };
  }
  const meant = nearestPath(path, cwd);
  throw new KnownError('CONTEXT_NOT_FOUND', `${JSON.stringify(path)} is not a directory.`, {
    hint: meant
      ? `Did you mean ${JSON.stringify(meant)}?`
      : 'Only directories have files that .dockerignore could hide.',
  });
}
