import type { FileEntry, FileTree } from './file-tree.ts';

/** A tree without files, made at a time: the context of a Dockerfile that came alone. */
export function emptyTree(name: string, mtimeNs: bigint): FileTree {
  const root: FileEntry = {
    path: '',
    type: 'directory',
    mode: 0o755,
    uid: 0,
    gid: 0,
    size: 0,
    mtimeNs,
    hostPath: '/dev/null',
  };
  return {
    name,
    lstat: (path) => (path === '' ? root : undefined),
    readdir: () => [],
    xattrs: () => new Map(),
  };
}
