import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BuildOptions } from '../../build/build-options.ts';
import { contextFiles } from '../../context/context-files.ts';
import type { BuildHeader } from '../render/build-header.ts';

/** Counting a larger context would take longer than a cached build. */
const COUNTED_FILES = 2000;

/** What the heading of a build says of its options; its context is looked at when somebody shows it. */
export function buildHeader({ context, cwd, dockerfile, tags = [] }: BuildOptions): BuildHeader {
  const dir = resolve(cwd, context);
  const isDirectory = statSync(dir, { throwIfNoEntry: false })?.isDirectory() === true;
  const file = dockerfile === undefined || dockerfile === '-' ? join(dir, 'Dockerfile') : resolve(cwd, dockerfile);
  return {
    tags,
    contextDir: isDirectory ? dir : undefined,
    context: () =>
      isDirectory ? orNothing(() => contextFiles(dir, { dockerfile: file, limit: COUNTED_FILES })) : undefined,
  };
}

/** What is wrong with a context is told where it matters, not in a heading. */
function orNothing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
