import { mkdirSync } from 'node:fs';
import type { FileTree } from '../context/file-tree.ts';
import { RootWriter } from './root-writer.ts';
import type { WritableDifference } from './snapshot.ts';

/** Copies a whole tree into a new directory: owners, modes, times, xattrs and hard links as the tree has them. */
export function materialize(tree: FileTree, directory: string): void {
  mkdirSync(directory, { mode: 0o755 });
  copyTree(tree, { parent: undefined, diffDir: directory, owners: new Map() });
}

/** `materialize` into an active snapshot or any directory of differences, which is empty. */
export function copyTree(tree: FileTree, target: WritableDifference): void {
  const root = tree.lstat('');
  const writer = new RootWriter(target);
  const links = new Map<string, string>();
  const copyDirectory = (folder: string): void => {
    for (const name of tree.readdir(folder)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const entry = tree.lstat(path);
      if (entry?.type === 'directory') {
        writer.putDirectory(tree, entry, path);
        copyDirectory(path);
      } else if (entry?.type === 'file') writer.putFile(tree, entry, path, { links });
      else if (entry?.type === 'symlink') writer.putSymlink(tree, entry, path);
      else if (entry) writer.putNode(tree, entry, path);
    }
  };
  copyDirectory('');
  if (root) writer.putDirectory(tree, root, '', { overwrite: true });
  writer.finish();
}
