/**
 * What of a directory a build can see, and what .dockerignore keeps from it. For people who ask; a build itself never
 * looks at more than its instructions select.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FileEntry } from './file-tree.ts';
import { type LocalTree, openLocalTree } from './local-tree.ts';
import type { PatternMatcher, PatternSource } from './pattern/pattern-matcher.ts';
import { readIgnoreFile } from './read-ignore-file.ts';

export interface HiddenPath {
  readonly path: string;
  readonly pattern: PatternSource | undefined;
}

export interface ContextFiles {
  /** All but directories, parents before what is below them, names in order. */
  readonly files: readonly FileEntry[];
  readonly bytes: number;
  /** Only the uppermost: what is below a hidden directory is hidden with it. */
  readonly hidden: readonly HiddenPath[];
  /** The walk ended at the limit: there is more. */
  readonly isCut: boolean;
}

export interface ContextFilesOptions {
  /** Path of the Dockerfile, whose own ignore file comes first. */
  readonly dockerfile?: string | undefined;
  /** Look at about so many names and no more. */
  readonly limit?: number;
}

export interface WalkOptions {
  readonly ignore: PatternMatcher | undefined;
  readonly limit?: number;
}

/** @throws KnownError CONTEXT_NOT_FOUND, DOCKERIGNORE_SYNTAX, PERMISSION_DENIED */
export function contextFiles(dir: string, { dockerfile, limit = Infinity }: ContextFilesOptions = {}): ContextFiles {
  const ignore = readIgnoreFile(dir, dockerfile);
  return filesOfTree(openLocalTree(dir, { name: 'the build context', ignore }), { ignore, limit });
}

/** The same of a directory that is open as a tree already, with the patterns it was opened with. @throws KnownError PERMISSION_DENIED */
export function filesOfTree(tree: LocalTree, { ignore, limit = Infinity }: WalkOptions): ContextFiles {
  const files: FileEntry[] = [];
  const hidden: HiddenPath[] = [];
  let seen = 0;
  const walk = (directory: string): void => {
    const shown = tree.list(directory);
    const names = new Set(shown.map(({ path }) => path));
    for (const path of ignore ? namesIn(tree.hostPath, directory) : []) {
      if (!names.has(path)) hidden.push({ path, pattern: ignore?.explainPath(path) });
    }
    for (const entry of shown) {
      if (++seen > limit) return;
      if (entry.type === 'directory') walk(entry.path);
      else files.push(entry);
    }
  };
  walk('');
  return { files, bytes: files.reduce((sum, { size }) => sum + size, 0), hidden, isCut: seen > limit };
}

function namesIn(dir: string, directory: string): readonly string[] {
  return readdirSync(join(dir, directory)).map((name) => (directory === '' ? name : `${directory}/${name}`));
}

export type PathVerdict =
  | {
      readonly kind: 'sent' /** The exception that took it back from the others. */;
      readonly exception: PatternSource | undefined;
    }
  /** `at` is the path itself or the directory above it that is hidden. */
  | { readonly kind: 'hidden'; readonly pattern: PatternSource; readonly at: string };

/** Why a path, relative to the context, is hidden or not; whether it exists is not asked. */
export function judgePath(ignore: PatternMatcher | undefined, path: string): PathVerdict {
  const pattern = ignore?.explainPath(path);
  if (!ignore || !pattern) return { kind: 'sent', exception: ignore?.explainException(path) };
  const parts = path.split('/');
  const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return { kind: 'hidden', pattern, at: prefixes.find((prefix) => ignore.explainPath(prefix) === pattern) ?? path };
}
