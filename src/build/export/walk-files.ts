import type { FileEntry, FileTree } from '../../context/file-tree.ts';

/** Every entry below the root, parents before their children, names in order; sockets have no place outside. */
export function* walkFiles(tree: FileTree, directory = ''): Generator<FileEntry> {
  for (const name of tree.readdir(directory)) {
    const entry = tree.lstat(directory === '' ? name : `${directory}/${name}`);
    if (!entry || entry.type === 'socket') continue;
    yield entry;
    if (entry.type === 'directory') yield* walkFiles(tree, entry.path);
  }
}

const NS_PER_S = 1_000_000_000n;

/** With SOURCE_DATE_EPOCH every exported file has its time, as BuildKit sets it. */
export function exportedTime({ mtimeNs }: FileEntry, epochSeconds: number | undefined): bigint {
  return epochSeconds === undefined ? mtimeNs : BigInt(epochSeconds) * NS_PER_S;
}
