import { readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { nearest } from '../diagnostics/suggest.ts';

/** What was probably meant by a path that does not exist: a name like its last one beside it, as the path was written. */
export function nearestPath(path: string, cwd: string): string | undefined {
  const absolute = resolve(cwd, path);
  const name = basename(absolute);
  const meant = nearest(
    name,
    namesIn(dirname(absolute)).filter((other) => other !== name),
  );
  return meant && join(dirname(path), meant);
}

function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    // Only for a hint: a folder that cannot be read has none to give.
    return [];
  }
}
