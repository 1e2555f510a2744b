import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { layerSnapshot } from '../distribution/layer-chain.ts';
import { openStore, type Store } from '../distribution/store.ts';
import { binaryPackages } from '../golang/binary-packages.ts';
import type { Digest } from '../image/digest.ts';
import { layerInstructions } from '../image/layer-instructions.ts';
import type { StoredImage } from '../image/store/stored-image.ts';
import { type MapNode, parentNode, prunedMap } from '../page/map-node.ts';

/** Files looked at; what is beyond is left out and would hardly be seen. */
const MOST_FILES = 200_000;
/** Smaller programs are not taken apart. */
const SMALLEST_PROGRAM = 500_000;

/** What an image in the store takes by layer, folder and file, Go programs by package; undefined when it is gone. */
export async function imageMap(storeRoot: string, imageId: string): Promise<MapNode | undefined> {
  const store = openStore(storeRoot);
  const image = store.images.get(imageId as Digest);
  if (!image) return undefined;
  const instructions = layerInstructions(store.images.config(image.id));
  const layers: MapNode[] = [];
  for (const [index] of image.layers.entries()) {
    layers.push(await layerNode(store, image, { index, title: `${index + 1}: ${instructions[index]}` }));
  }
  return prunedMap(parentNode('image', layers));
}

async function layerNode(
  store: Store,
  image: StoredImage,
  { index, title }: { readonly index: number; readonly title: string },
): Promise<MapNode> {
  const layer = image.layers[index];
  const snapshot = await layerSnapshot(store, image.layers, index);
  if (snapshot) {
    const files = folderNodes(snapshot.diffDir, { left: MOST_FILES, seen: new Set() });
    return parentNode(title, files, { isFixed: true });
  }
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
    if (entry.isDirectory()) nodes.push(parentNode(entry.name, folderNodes(path, walk)));
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
  return parentNode(name, rest > 0 ? [...packages, { name: '(rest)', sizeBytes: rest }] : packages);
}
