/**
 * What a source of COPY or ADD stands for in a tree: the files and directories it matches and everything below them,
 * as plain data that both a digest and a copy are made from. It knows nothing of destinations. What surprises: a
 * wildcard that matches nothing is no failure in BuildKit, and --exclude never applies to what a source names itself.
 */
import { KnownError } from '../diagnostics/known-error.ts';
import type { FileEntry, FileTree } from './file-tree.ts';
import { compileFileGlob, hasWildcards } from './pattern/file-glob.ts';
import type { GlobProgram } from './pattern/glob-program.ts';
import { pathInTree } from './pattern/go-text.ts';
import { PatternMatcher, type PatternState } from './pattern/pattern-matcher.ts';
import { resolvePath } from './resolve-path.ts';

export interface SelectFilesOptions {
  /** --exclude: patterns relative to each matched directory. */
  readonly exclude?: PatternMatcher | undefined;
  /** --parents: the pattern selects below the root, or below what stands in front of `/./`, and keeps directories. */
  readonly parents?: boolean | undefined;
  /** The pattern is a path as it stands, whatever characters it has. */
  readonly literal?: boolean | undefined;
}

/** An entry below a selected directory. */
export interface SelectedEntry {
  readonly entry: FileEntry;
  /** Below the source, where it will be below the destination. */
  readonly relativePath: string;
  /** A directory that no pattern selects itself: it leads to something that one does. */
  readonly isOnTheWay?: true;
}

/** One file or directory that a source matched. */
export interface SelectedSource {
  /** What was matched, or what it links to. */
  readonly source: FileEntry;
  /** The last name of the path that was matched: what a file is called in a directory it is copied into. '' is the root. */
  readonly name: string;
  /** A directory stands for its contents. */
  readonly isDirectory: boolean;
  /** What is below a directory, parents first, otherwise in order of name; symlinks are kept. Empty for a file. */
  readonly entries: readonly SelectedEntry[];
}

export interface FileSelection {
  /** In order of path; empty when wildcards matched nothing. */
  readonly matches: readonly SelectedSource[];
}

/**
 * Selects what a source names. The pattern is slash-separated, relative to the root whether or not it begins with a
 * slash, and `..` stops there; wildcards are those of Go's filepath.Match. Symlinks that lead to what is named are
 * followed within the tree, those below a directory are not.
 * Returns undefined when something that is named without wildcards does not exist.
 * @throws KnownError DOCKERFILE_INVALID_VALUE for a malformed pattern, SYMLINK_LOOP.
 */
export function selectFiles(
  tree: FileTree,
  pattern: string,
  options: SelectFilesOptions = {},
): FileSelection | undefined {
  const { base, include } = options.parents ? splitAtPivot(pattern) : { base: pattern, include: undefined };
  const paths = options.literal ? [pathInTree(base)] : matchPaths(tree, base);
  const matches = paths?.map((path) => selectSource(tree, path, { include, exclude: options.exclude }));
  if (!matches?.every((match) => match !== undefined)) return undefined;
  const selection = { matches };
  if (include === undefined || (!options.literal && hasWildcards(pattern))) return selection;
  return matches.some(({ entries }) => entries.some(({ relativePath }) => isAtOrBelow(relativePath, include.path)))
    ? selection
    : undefined;
}

interface Include {
  /** Relative to the pivot. */
  readonly path: string;
  readonly patterns: PatternMatcher;
}

interface Filters {
  readonly include: Include | undefined;
  readonly exclude: PatternMatcher | undefined;
}

/** Dockerfile reference, "COPY --parents": `/./` ends what is not kept. */
function splitAtPivot(pattern: string): { readonly base: string; readonly include: Include } {
  const pivot = pattern.indexOf('/./');
  const path = pathInTree(pivot < 0 ? pattern : pattern.slice(pivot + 3));
  return { base: pivot < 0 ? '/' : pattern.slice(0, pivot), include: { path, patterns: new PatternMatcher([path]) } };
}

/** Paths that a pattern matches, in order; undefined when what stands in front of the wildcards does not exist. */
function matchPaths(tree: FileTree, pattern: string): readonly string[] | undefined {
  const names = pathInTree(pattern).split('/');
  const firstWildcard = names.findIndex(hasWildcards);
  if (firstWildcard < 0) return [namedPath(tree, names.join('/'))];
  const rest = names.slice(firstWildcard).join('/');
  const glob = compileFileGlob(rest);
  if (!glob) throw malformed(pattern);
  const base = resolvePath(tree, names.slice(0, firstWildcard).join('/'));
  if (!base.entry) return undefined;
  const prefix = base.path === '' ? '' : `${base.path}/`;
  return [...walkMatches(tree, prefix, glob)];
}

/**
 * BuildKit looks for a name with its backslashes, but sends the file without them, so that only stages have such names
 * to find; here the escaped character is found as well.
 */
function namedPath(tree: FileTree, path: string): string {
  const unescaped = path.replace(/\\(.)/gs, '$1');
  return unescaped !== path && !resolvePath(tree, path).entry ? unescaped : path;
}

/** Depth first, so that the paths come in the order of a walk; links are not followed on the way. */
function* walkMatches(tree: FileTree, prefix: string, glob: GlobProgram): Iterable<string> {
  const pending = [''];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (path !== '' && glob.matches(path)) {
      yield prefix + path;
      continue;
    }
    if (path !== '' && !glob.mayContinue(`${path}/`)) continue;
    if (path !== '' && tree.lstat(prefix + path)?.type !== 'directory') continue;
    const names = tree.readdir(path === '' ? prefix.slice(0, -1) : prefix + path);
    for (const name of [...names].reverse()) pending.push(path === '' ? name : `${path}/${name}`);
  }
}

function selectSource(tree: FileTree, path: string, filters: Filters): SelectedSource | undefined {
  const { entry } = resolvePath(tree, path);
  if (!entry) return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (entry.type !== 'directory') return { source: entry, name, isDirectory: false, entries: [] };
  return { source: entry, name, isDirectory: true, entries: selectBelow(tree, entry.path, filters) };
}

/** Everything below a directory that the filters let through, with the directories that lead to it. */
function selectBelow(tree: FileTree, root: string, { include, exclude }: Filters): readonly SelectedEntry[] {
  const selected: SelectedEntry[] = [];
  const waiting: SelectedEntry[] = [];
  const skipped = root === '' ? 0 : root.length + 1;
  const show = (entry: SelectedEntry): void => {
    if (waiting.length > 0) selected.push(...waiting.splice(0));
    selected.push(entry);
  };
  const visit = (directory: string, states: PatternStates): void => {
    for (const entry of listDirectory(tree, directory)) {
      const relativePath = skipped === 0 ? entry.path : entry.path.slice(skipped);
      if (entry.type !== 'directory') {
        if (include?.patterns.judgeFile(relativePath, states.include) === false) continue;
        if (exclude?.judgeFile(relativePath, states.exclude)) continue;
        show({ entry, relativePath });
        continue;
      }
      const included = include?.patterns.judge(relativePath, states.include);
      const excluded = exclude?.judge(relativePath, states.exclude);
      const isShown = included?.matched !== false && excluded?.matched !== true;
      if (isShown) show({ entry, relativePath });
      else if (excluded?.matched && !exclude?.mayRestoreBelow(relativePath)) continue;
      else if (included?.matched === false && !include?.patterns.mayMatchBelow(relativePath)) continue;
      else waiting.push({ entry, relativePath, isOnTheWay: true });
      visit(entry.path, { include: included?.state, exclude: excluded?.state });
      if (waiting.at(-1)?.relativePath === relativePath) waiting.pop();
    }
  };
  visit(root, { include: undefined, exclude: undefined });
  return selected;
}

function listDirectory(tree: FileTree, directory: string): readonly FileEntry[] {
  if (tree.list) return tree.list(directory);
  const prefix = directory === '' ? '' : `${directory}/`;
  return tree.readdir(directory).flatMap((name) => tree.lstat(prefix + name) ?? []);
}

interface PatternStates {
  readonly include: PatternState | undefined;
  readonly exclude: PatternState | undefined;
}

function isAtOrBelow(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}/`);
}

function malformed(pattern: string): KnownError {
  return new KnownError('DOCKERFILE_INVALID_VALUE', `The pattern ${JSON.stringify(pattern)} cannot be read.`, {
    hint: 'Close the bracket, or write [[] for a bracket that is meant as it stands.',
  });
}
