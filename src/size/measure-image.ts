import { ImageTree, type StoredContent, type WastedContent } from '../contents/image-tree.ts';
import { KeptContent } from '../contents/kept-content.ts';
import type { LayerEntry } from '../contents/layer-entry.ts';
import type { OpenedImage, OpenedLayer } from '../contents/opened-image.ts';
import { type FileVisitor, readLayer } from '../contents/read-layer.ts';
import { isElf } from '../elf/read-elf.ts';
import { type ProgramSizes, programSizes } from '../golang/binary-packages.ts';
import { layerInstructions } from '../image/layer-instructions.ts';
import type { DuplicateFiles, ImageSizes, LayerSize, ProgramSize, WastedPath } from './image-sizes.ts';

/** Smaller programs are not taken apart. */
const SMALLEST_PROGRAM = 500_000;

interface ReadImage {
  readonly entries: readonly (readonly LayerEntry[])[];
  readonly archiveBytes: readonly number[];
  /** By content hash. */
  readonly programs: ReadonlyMap<string, ProgramSizes>;
}

/** Reads every layer once. @throws KnownError LAYER_CORRUPT and what opening a layer throws */
export async function measureImage(image: OpenedImage, signal: AbortSignal): Promise<ImageSizes> {
  const read = await readImage(image, signal);
  const tree = new ImageTree(read.entries);
  const contents = visibleContents(tree);
  const files = bySize([...contents.values()].map(({ path, content }) => ({ path, ...sized(content) })));
  const layers = layerSizes(image, read, tree.wasted);
  const storedBytes = sumOf(layers.map(({ fileBytes }) => fileBytes));
  const visibleBytes = sumOf(files.map(({ sizeBytes }) => sizeBytes));
  const duplicates = duplicateFiles(contents.values());
  const blobs = image.layers.flatMap(({ blobBytes }) => blobBytes ?? []);
  const { os, architecture, variant } = image.config;
  return {
    image: image.name,
    id: image.id,
    platform: [os, architecture, ...(variant ? [variant] : [])].join('/'),
    sizeBytes: sumOf(read.archiveBytes),
    blobBytes: blobs.length === image.layers.length ? sumOf(blobs) : undefined,
    storedBytes,
    visibleBytes,
    wastedBytes: sumOf(tree.wasted.map(({ sizeBytes }) => sizeBytes)),
    duplicateBytes: sumOf(duplicates.map(({ paths, sizeBytes }) => (paths.length - 1) * sizeBytes)),
    efficiency: storedBytes === 0 ? 1 : visibleBytes / storedBytes,
    layers,
    directories: directorySizes(files),
    files,
    wasted: wastedPaths(tree.wasted),
    duplicates,
    programs: programsOf(contents.values(), read.programs),
  };
}

async function readImage({ layers }: OpenedImage, signal: AbortSignal): Promise<ReadImage> {
  const programs = new Map<string, ProgramSizes>();
  const entries: (readonly LayerEntry[])[] = [];
  const archiveBytes: number[] = [];
  for (const layer of layers) {
    const count = { bytes: 0 };
    const pending = new Map<LayerEntry, ProgramSizes>();
    const read = await readLayer(counted(layer, count), {
      name: `layer ${layer.diffId}`,
      signal,
      visit: (entry) => programVisitor(entry, (sizes) => pending.set(entry, sizes)),
    });
    const hashes = new Map(read.map((entry) => [entry.path, entry.contentHash]));
    for (const [{ path }, sizes] of pending) programs.set(hashes.get(path) ?? '', sizes);
    entries.push(read);
    archiveBytes.push(count.bytes);
  }
  return { entries, archiveBytes, programs };
}

function programVisitor(
  { sizeBytes, mode }: LayerEntry,
  found: (sizes: ProgramSizes) => void,
): FileVisitor | undefined {
  if (sizeBytes < SMALLEST_PROGRAM || (mode & 0o111) === 0) return undefined;
  return new KeptContent(isElf, (source) => {
    const sizes = programSizes(source);
    if (sizes) found(sizes);
  });
}

async function* counted(layer: OpenedLayer, count: { bytes: number }): AsyncGenerator<Buffer> {
  for await (const chunk of layer.open()) {
    count.bytes += chunk.length;
    yield chunk;
  }
}

interface VisibleContent {
  readonly path: string;
  readonly content: StoredContent;
}

/** Each content once, by the first of its names. */
function visibleContents(tree: ImageTree): ReadonlyMap<StoredContent, VisibleContent> {
  const contents = new Map<StoredContent, VisibleContent>();
  for (const { path, node } of tree.walk()) {
    if (node.content && !contents.has(node.content)) contents.set(node.content, { path, content: node.content });
  }
  return contents;
}

function sized({ sizeBytes, layer }: StoredContent): { readonly sizeBytes: number; readonly layer: number } {
  return { sizeBytes, layer: layer + 1 };
}

function layerSizes(image: OpenedImage, read: ReadImage, wasted: readonly WastedContent[]): LayerSize[] {
  const instructions = layerInstructions(image.config);
  return read.entries.map((entries, index) => {
    const files = entries.filter(({ kind }) => kind === 'file');
    return {
      number: index + 1,
      instruction: instructions[index] ?? 'layer',
      sizeBytes: read.archiveBytes[index] ?? 0,
      blobBytes: image.layers[index]?.blobBytes,
      fileBytes: sumOf(files.map(({ sizeBytes }) => sizeBytes)),
      files: files.length,
      wastedBytes: sumOf(wasted.filter(({ layer }) => layer === index).map(({ sizeBytes }) => sizeBytes)),
    };
  });
}

function directorySizes(files: ImageSizes['files']): ImageSizes['directories'] {
  const sizes = new Map<string, number>();
  for (const { path, sizeBytes } of files) {
    for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      const directory = path.slice(0, slash);
      sizes.set(directory, (sizes.get(directory) ?? 0) + sizeBytes);
    }
  }
  return bySize([...sizes].map(([path, sizeBytes]) => ({ path, sizeBytes })));
}

function wastedPaths(wasted: readonly WastedContent[]): WastedPath[] {
  const byPath = groupByPath(wasted);
  return bySize(
    [...byPath].map(([path, contents]) => ({
      path,
      sizeBytes: sumOf(contents.map(({ sizeBytes }) => sizeBytes)),
      layers: contents.map(({ layer }) => layer + 1),
      byLayers: contents.map(({ byLayer }) => byLayer + 1),
      by: contents.at(-1)?.by ?? 'replaced',
      isSameContent: contents.every(({ isSameContent }) => isSameContent),
    })),
  );
}

function groupByPath(wasted: readonly WastedContent[]): ReadonlyMap<string, readonly WastedContent[]> {
  const groups = new Map<string, WastedContent[]>();
  for (const content of wasted) {
    const group = groups.get(content.path);
    if (group) group.push(content);
    else groups.set(content.path, [content]);
  }
  return groups;
}

/** Ordered by what removing all but one would save. */
function duplicateFiles(contents: Iterable<VisibleContent>): DuplicateFiles[] {
  const byHash = new Map<string, { readonly paths: string[]; readonly sizeBytes: number }>();
  for (const { path, content } of contents) {
    if (content.sizeBytes === 0) continue;
    const known = byHash.get(content.contentHash);
    if (known) known.paths.push(path);
    else byHash.set(content.contentHash, { paths: [path], sizeBytes: content.sizeBytes });
  }
  const saved = ({ paths, sizeBytes }: DuplicateFiles) => (paths.length - 1) * sizeBytes;
  return [...byHash.values()].filter(({ paths }) => paths.length > 1).sort((a, b) => saved(b) - saved(a));
}

function programsOf(contents: Iterable<VisibleContent>, programs: ReadonlyMap<string, ProgramSizes>): ProgramSize[] {
  const found: ProgramSize[] = [];
  for (const { path, content } of contents) {
    const sizes = programs.get(content.contentHash);
    if (sizes) found.push({ path, ...sized(content), ...sizes });
  }
  return bySize(found);
}

function bySize<T extends { readonly path: string; readonly sizeBytes: number }>(all: readonly T[]): T[] {
  return [...all].sort((a, b) => b.sizeBytes - a.sizeBytes || (a.path < b.path ? -1 : 1));
}

function sumOf(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
