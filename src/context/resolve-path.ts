import { KnownError } from '../diagnostics/known-error.ts';
import type { FileEntry, FileTree } from './file-tree.ts';

export interface ResolvePathOptions {
  /** Whether a symlink at the very end is followed; true unless told. */
  readonly followLast?: boolean;
}

export interface ResolvedPath {
  /** Without symlinks (but perhaps a last one); names that do not exist stand as written, `..` among them by text. */
  readonly path: string;
  /** undefined when nothing is there. */
  readonly entry: FileEntry | undefined;
  /** The directory that has, or would get, the last name; undefined when it is missing too or is no directory. */
  readonly parent: FileEntry | undefined;
}

/** As in the kernel (path_resolution(7)). */
const MAX_LINKS = 40;

/**
 * Resolves a path as a process would whose root is the tree's: `..` stops at the root, absolute links begin there. The
 * path may begin with a slash; '' is the root.
 * @throws KnownError SYMLINK_LOOP beyond 40 links.
 */
export function resolvePath(tree: FileTree, path: string, options: ResolvePathOptions = {}): ResolvedPath {
  const followLast = options.followLast ?? true;
  const pending = namesOf(path).reverse();
  const resolved: Step[] = [];
  let links = 0;
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === '..') {
      resolved.pop();
      continue;
    }
    const step = take(tree, resolved, name);
    const target = step.entry?.type === 'symlink' ? step.entry.linkTarget : undefined;
    if (target === undefined || (pending.length === 0 && !followLast)) {
      resolved.push(step);
      continue;
    }
    if (++links > MAX_LINKS) throw tooManyLinks(tree, path);
    if (target.startsWith('/')) resolved.length = 0;
    pending.push(...namesOf(target).reverse());
  }
  return result(tree, resolved);
}

interface Step {
  readonly path: string;
  readonly entry: FileEntry | undefined;
}

function take(tree: FileTree, resolved: readonly Step[], name: string): Step {
  const parent = resolved.at(-1);
  const path = parent ? `${parent.path}/${name}` : name;
  const exists = parent === undefined || parent.entry?.type === 'directory';
  return { path, entry: exists ? tree.lstat(path) : undefined };
}

function result(tree: FileTree, resolved: readonly Step[]): ResolvedPath {
  const last = resolved.at(-1);
  const root = tree.lstat('');
  if (!last) return { path: '', entry: root, parent: root };
  const parent = resolved.length > 1 ? resolved.at(-2)?.entry : root;
  return { ...last, parent: parent?.type === 'directory' ? parent : undefined };
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

function tooManyLinks(tree: FileTree, path: string): KnownError {
  return new KnownError('SYMLINK_LOOP', `${JSON.stringify(path)} in ${tree.name} leads through too many symlinks.`, {
    hint: 'Links that point at each other never end; remove one of them.',
  });
}
