import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Dockerfile } from '../dockerfile/ast.ts';
import { isRemoteSource } from './subject/remote-source.ts';

/** Contexts further up than this are nobody's habit. */
const MOST_LEVELS = 4;

/**
 * The directory that a Dockerfile is most likely built from: its own, or one above it, up to `top`: the nearest that has
 * most of the files it copies. `docker/Dockerfile` that copies `go.mod` is built from the folder with the `go.mod`.
 */
export function guessContext(path: string, dockerfile: Dockerfile, top: string): string {
  const own = dirname(path);
  const sources = copiedSources(dockerfile);
  let best = own;
  let bestCount = countExisting(own, sources);
  for (let dir = own, level = 0; level < MOST_LEVELS && bestCount < sources.length && isBelow(dir, top); level++) {
    dir = dirname(dir);
    const count = countExisting(dir, sources);
    if (count > bestCount) [best, bestCount] = [dir, count];
  }
  return best;
}

function copiedSources({ instructions }: Dockerfile): readonly string[] {
  return instructions.flatMap((instruction) => {
    const isCopy = instruction.kind === 'COPY' || instruction.kind === 'ADD';
    if (!isCopy || instruction.flags.some(({ name }) => name === 'from')) return [];
    const words = instruction.sources.map(({ text }) => text.replace(/^["']|["']$/g, ''));
    return words.filter((text) => !/[$*?[]/.test(text) && !isRemoteSource(text) && !/^(?:\.|\/)?\/?$/.test(text));
  });
}

function countExisting(dir: string, sources: readonly string[]): number {
  return sources.filter((source) => existsSync(join(dir, source))).length;
}

function isBelow(dir: string, top: string): boolean {
  const path = relative(top, dir);
  return path !== '' && !path.startsWith('..');
}
