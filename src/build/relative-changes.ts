import { realpathSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { FileTree } from '../context/file-tree.ts';
import { systemErrorCode } from '../diagnostics/known-error.ts';
import type { BuildInputs } from './build-inputs.ts';

export interface RelativeChanges {
  /** Paths in the context, '' for all of it. */
  readonly seen: readonly string[];
  /** As given: not in the context, or hidden by .dockerignore. */
  readonly unseen: readonly string[];
}

/**
 * What file names of a command line are in the build context: relative to where the command runs, else to the context
 * itself, since lists of changed files are often made elsewhere.
 */
export function relativeChanges(
  tree: FileTree,
  { context }: Pick<BuildInputs, 'context'>,
  { cwd, changedFiles = [] }: { readonly cwd: string; readonly changedFiles?: readonly string[] },
): RelativeChanges {
  const dir = context.kind === 'directory' ? realpathSync(context.dir) : undefined;
  const found = changedFiles.map((file) => candidates(file, cwd, dir).find((path) => isThere(tree, path)));
  return {
    seen: found.filter((path) => path !== undefined),
    unseen: changedFiles.filter((_, index) => found[index] === undefined),
  };
}

function candidates(file: string, cwd: string, dir: string | undefined): readonly string[] {
  const inContext = relative('/', resolve('/', file));
  if (dir === undefined) return [inContext];
  const fromCwd = relative(dir, realPath(resolve(cwd, file)));
  return fromCwd === '..' || fromCwd.startsWith('../') ? [inContext] : [fromCwd, inContext];
}

/** Of a file that may not be there. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return path;
  }
}

function isThere(tree: FileTree, path: string): boolean {
  return path === '' || tree.lstat(path) !== undefined;
}
