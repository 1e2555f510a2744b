import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { layerSnapshot } from '../distribution/layer-chain.ts';
import { openStore, type Store } from '../distribution/store.ts';
import { binaryPackages } from '../golang/binary-packages.ts';
import type { Digest } from '../image/digest.ts';
import type { StoredImage } from '../image/store/stored-image.ts';

/** A part of an image and what it is made of. A leaf has no children; a node's size is the sum of its children's. */
export interface MapNode {
  readonly name: string;
  readonly sizeBytes: number;
  readonly children?: readonly MapNode[];
}

/** Parts smaller than this share of the image are put together. */
const SMALLEST_SHARE = 0.0005;
/** Files looked at; what is beyond is left out and would hardly be seen. */
const MOST_FILES = 200_000;
/** Smaller programs are not taken apart. */
const SMALLEST_PROGRAM = 500_000;

/** What an image in the store takes by layer, folder and file, Go programs by package; undefined when it is gone. */
export async function imageMap(storeRoot: string, imageId: string): Promise<MapNode | undefined> {
  const store = openStore(storeRoot);
  const image = store.images.get(imageId as Digest);
  if (!image) return undefined;
  const history = (store.images.config(image.id).history ?? []).filter((entry) => !entry.empty_layer);
  const layers: MapNode[] = [];
  for (const [index] of image.layers.entries()) {
    const title = instructionOf(history[index]?.created_by ?? '');
    layers.push(await layerNode(store, image, { index, title: `${index + 1}: ${title}` }));
  }
  return pruned(parent('image', layers), SMALLEST_SHARE * sumOf(layers));
}

function instructionOf(createdBy: string): string {
  return createdBy.replace(/^RUN (?:\|\d+ .*?)?\/bin\/sh -c /, 'RUN ').replace(/ # buildkit$/, '') || 'layer';
}

async function layerNode(
  store: Store,
  image: StoredImage,
  { index, title }: { readonly index: number; readonly title: string },
): Promise<MapNode> {
  const layer = image.layers[index];
  const snapshot = await layerSnapshot(store, image.layers, index);
  if (snapshot) return parent(title, folderNodes(snapshot.diffDir, { left: MOST_FILES, seen: new Set() }));
  return { name: `${title} (not unpacked)`, sizeBytes: layer?.size ?? layer?.blob?.size ?? 0 };
}

interface Walk {
  /** Files that may still be looked at. */
  left: number;
  /** Inodes with several names: each takes its place once. */
  readonly seen: Set<number>;
}

function folderNodes(dir: string, walk: Walk): readonly MapNode[] {
  const nodes: MapNode[] = [];
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (--walk.left < 0) break;
    const path = join(dir, entry.name);
    if (entry.isDirectory()) nodes.push(parent(entry.name, folderNodes(path, walk)));
    else if (entry.isFile()) nodes.push(fileNode(entry.name, path, walk));
  }
  return nodes.filter(({ sizeBytes }) => sizeBytes > 0);
}

function fileNode(name: string, path: string, { seen }: Walk): MapNode {
  const { size, mode, ino, nlink } = lstatSync(path);
  if (nlink > 1 && seen.has(ino)) return { name, sizeBytes: 0 };
  seen.add(ino);
  const mayBeProgram = size >= SMALLEST_PROGRAM && (mode & 0o111) !== 0;
  const packages = mayBeProgram ? binaryPackages(path) : undefined;
  if (!packages) return { name, sizeBytes: size };
  const rest = size - packages.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return parent(name, rest > 0 ? [...packages, { name: '(rest)', sizeBytes: rest }] : packages);
}

function parent(name: string, children: readonly MapNode[]): MapNode {
  return { name, sizeBytes: sumOf(children), children };
}

function sumOf(nodes: readonly MapNode[]): number {
  return nodes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** Largest first; what is too small to be seen becomes one node, and folders with one folder in them a path. */
function pruned(node: MapNode, smallest: number): MapNode {
  if (!node.children) return node;
  const [only, ...others] = node.children;
  if (only?.children && others.length === 0 && node.name !== 'image' && !/^\d+: /.test(node.name))
    return pruned({ ...only, name: `${node.name}/${only.name}` }, smallest);
  const large = node.children.filter(({ sizeBytes }) => sizeBytes >= smallest);
  const small = node.children.filter(({ sizeBytes }) => sizeBytes < smallest);
  const children = large.map((child) => pruned(child, smallest)).sort((a, b) => b.sizeBytes - a.sizeBytes);
  if (small.length > 0) children.push({ name: `(${small.length} smaller)`, sizeBytes: sumOf(small) });
  return { ...node, children };
}
