import type { FileEntry, FileTree } from './file-tree.ts';

/** An owner that no build context has: entries with it differ from what they were, whatever is in them. */
const CHANGED_UID = 0xffff_fffe;

/**
 * A tree as it is, but that some of its files count as changed: they get another digest, and none of them has to be read
 * for it. Paths name files or directories with all that is in them.
 */
export function changedTree<Tree extends FileTree>(tree: Tree, paths: readonly string[]): Tree {
  const isChanged = ({ path, type }: FileEntry) =>
    type !== 'directory' &&
    paths.some((changed) => changed === '' || path === changed || path.startsWith(`${changed}/`));
  const shown = (entry: FileEntry) => (isChanged(entry) ? { ...entry, uid: CHANGED_UID } : entry);
  return new Proxy(tree, {
    get(target, property) {
      if (property === 'lstat') {
        return (path: string) => {
          const entry = target.lstat(path);
          return entry && shown(entry);
        };
      }
      if (property === 'list') return target.list && ((path: string) => target.list?.(path).map(shown));
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
