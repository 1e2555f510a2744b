import { nearest } from '../diagnostics/suggest.ts';
import type { FileTree } from './file-tree.ts';
import { hasWildcards } from './pattern/file-glob.ts';
import { pathInTree } from './pattern/go-text.ts';
import type { PatternMatcher, PatternSource } from './pattern/pattern-matcher.ts';
import { resolvePath } from './resolve-path.ts';

export interface PathSuggestion {
  /** The part of the path that exists, '' for the root alone. */
  readonly existing: string;
  /** Existing path with the nearest name in place of the one that is missing. */
  readonly nearest: string | undefined;
  /** The line of .dockerignore by which the path is hidden, if it is. */
  readonly hiddenBy: PatternSource | undefined;
}

/** Names at most this many places that a misplaced file may be found in. */
const MAX_DIRECTORIES = 200;

/**
 * What somebody who named a path that is not there may have meant: a name that is spelt nearly so in the same directory,
 * else the same name elsewhere in the tree.
 */
export function suggestPath(tree: FileTree, pattern: string, ignore?: PatternMatcher): PathSuggestion {
  const path = pathInTree(pattern);
  const names = path.split('/');
  let existing = '';
  let missing = 0;
  while (missing < names.length) {
    const next = existing === '' ? (names[missing] as string) : `${existing}/${names[missing]}`;
    if (!resolvePath(tree, next).entry) break;
    existing = next;
    missing++;
  }
  const found = missing < names.length ? suggest(tree, existing, names.slice(missing)) : undefined;
  return { existing, nearest: found, hiddenBy: hasWildcards(path) ? undefined : ignore?.explainPath(path) };
}

function suggest(tree: FileTree, existing: string, missing: readonly string[]): string | undefined {
  const [name = '', ...rest] = missing;
  const siblings = tree.readdir(resolvePath(tree, existing).path);
  const near = nearest(name, siblings);
  if (near !== undefined) {
    const candidate = [...(existing === '' ? [] : [existing]), near, ...rest].join('/');
    if (resolvePath(tree, candidate).entry) return candidate;
  }
  return sameNameElsewhere(tree, missing.at(-1) ?? name);
}

/** The first of that name, nearest to the root. */
function sameNameElsewhere(tree: FileTree, name: string): string | undefined {
  const directories = [''];
  for (let index = 0; index < Math.min(directories.length, MAX_DIRECTORIES); index++) {
    const directory = directories[index] as string;
    for (const child of tree.readdir(directory)) {
      const path = directory === '' ? child : `${directory}/${child}`;
      if (child === name) return path;
      if (tree.lstat(path)?.type === 'directory') directories.push(path);
    }
  }
  return undefined;
}
