import type { FileTree } from '../context/file-tree.ts';

const MAX_DEPTH = 3;
const MOST_FOLDERS = 2000;

/** Folders below the root that have a go.mod, for somebody who named the wrong one; a few levels down only. */
export function findModules(tree: FileTree): readonly string[] {
  const found: string[] = [];
  let seen = 0;
  const walk = (dir: string, depth: number): void => {
    for (const name of tree.readdir(dir)) {
      const path = dir === '' ? name : `${dir}/${name}`;
      if (name === 'go.mod') found.push(dir);
      else if (
        depth < MAX_DEPTH &&
        !/^[._]|^node_modules$|^vendor$/.test(name) &&
        tree.lstat(path)?.type === 'directory' &&
        ++seen < MOST_FOLDERS
      ) {
        walk(path, depth + 1);
      }
    }
  };
  walk('', 0);
  return found;
}
