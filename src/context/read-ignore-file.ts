import { closeSync, lstatSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import type { FileEntry } from './file-tree.ts';
import { openLocalTree } from './local-tree.ts';
import { openEntry } from './open-entry.ts';
import { parseIgnoreFile } from './pattern/ignore-file.ts';
import type { PatternMatcher } from './pattern/pattern-matcher.ts';
import { resolvePath } from './resolve-path.ts';

const IGNORE_FILE = '.dockerignore';
/** A list of patterns; whatever is larger was put there by mistake. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * The patterns that hide files of a build context: those of `<Dockerfile>.dockerignore` beside the Dockerfile, even
 * when it is empty, else those of `.dockerignore` in the context's root, else undefined. Named contexts have no
 * Dockerfile. Symlinks are followed within the directory only, as in BuildKit; one that leads out counts as absent.
 * @throws KnownError DOCKERIGNORE_SYNTAX with the line, PERMISSION_DENIED.
 */
export function readIgnoreFile(contextDir: string, dockerfile?: string): PatternMatcher | undefined {
  const own = dockerfile === undefined ? undefined : `${basename(dockerfile)}${IGNORE_FILE}`;
  return (
    (dockerfile !== undefined && own !== undefined ? read(dirname(dockerfile), own) : undefined) ??
    read(contextDir, IGNORE_FILE)
  );
}

function read(dir: string, name: string): PatternMatcher | undefined {
  const path = join(dir, name);
  try {
    if (!lstatSync(path, { throwIfNoEntry: false })) return undefined;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
  const { entry } = resolvePath(openLocalTree(dir, { name: 'the build context' }), name);
  return entry?.type === 'file' ? parseIgnoreFile(readText(entry), name) : undefined;
}

function readText(entry: FileEntry): string {
  if (entry.size > MAX_BYTES) {
    throw new KnownError('DOCKERIGNORE_SYNTAX', `${entry.path} has ${entry.size} bytes, which is no list of patterns.`);
  }
  const fd = openEntry(entry);
  try {
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}
