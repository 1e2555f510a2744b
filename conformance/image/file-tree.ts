import type { TarMember } from './read-tar.ts';

/** A file of a tree: its member, and the path that the names of the same file share. */
export interface TreeFile {
  readonly member: TarMember;
  /** The identity of a file with several names; its own path for others. */
  readonly identity: object;
}

/** Paths without a leading slash. */
export type FileTree = ReadonlyMap<string, TreeFile>;

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/** The root filesystem of layers applied one on the other, image-spec layer.md "Applying Changesets". */
export function treeOfLayers(layers: readonly (readonly TarMember[])[], base: FileTree = new Map()): FileTree {
  const tree = new Map(base);
  for (const layer of layers) applyLayer(tree, layer);
  return tree;
}

function applyLayer(tree: Map<string, TreeFile>, layer: readonly TarMember[]): void {
  for (const { path } of layer) removeWhatIsHidden(tree, path);
  for (const member of layer) {
    if (baseName(member.path).startsWith(WHITEOUT) || member.path === '') continue;
    if (member.type !== 'directory') removeBelow(tree, member.path);
    const target = member.type === 'hardlink' ? tree.get(cleanTarget(member.linkTarget)) : undefined;
    tree.set(member.path, target ?? { member, identity: member });
  }
}

function removeWhatIsHidden(tree: Map<string, TreeFile>, path: string): void {
  const name = baseName(path);
  const parent = path.slice(0, path.length - name.length);
  if (name === OPAQUE) removeBelow(tree, parent.slice(0, -1));
  else if (name.startsWith(WHITEOUT)) {
    const hidden = parent + name.slice(WHITEOUT.length);
    tree.delete(hidden);
    removeBelow(tree, hidden);
  }
}

function removeBelow(tree: Map<string, TreeFile>, path: string): void {
  for (const key of tree.keys()) if (key.startsWith(`${path}/`)) tree.delete(key);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function cleanTarget(target: string): string {
  return target.replace(/^(?:\.?\/)+/, '');
}
