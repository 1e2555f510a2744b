/**
 * The merged files of a snapshot's chain, read without mounting anything: whiteouts hide, opaque directories cut off,
 * owner tables correct. It must not know who wrote the differences. Surprising: a directory's listing is read once per
 * view and remembered, so a view is of a committed chain (or of an active one that nobody writes to meanwhile).
 */
import { type BigIntStats, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import type { FileEntry, FileTree, FileType } from '../context/file-tree.ts';
import { KnownError } from '../diagnostics/known-error.ts';
import { stripControl } from '../diagnostics/redact.ts';
import { splitDevice } from '../system/node.ts';
import { listXattrs } from '../system/xattr.ts';
import { diffDirs } from './diff-dirs.ts';
import { isCopiedXattr } from './image-xattr.ts';
import { isOpaque, isWhiteout } from './overlay-form.ts';
import type { OwnerOverride, OwnerTable } from './owner-table.ts';
import { readOwnerTable } from './owner-table-file.ts';
import type { Snapshot, WritableDifference } from './snapshot.ts';

/** One directory of differences in a view, with the owners that its disk state does not show. */
export interface Layer {
  readonly dir: string;
  readonly owners: OwnerTable;
}

/** A directory as the chain shows it. */
interface MergedDirectory {
  /** Layers that have this directory and are not cut off, topmost first. */
  readonly layers: readonly Layer[];
  /** Made when first asked for: which layer each visible name comes from. */
  names?: ReadonlyMap<string, Layer>;
  sorted?: readonly string[];
}

/** The files of a snapshot's whole chain. `undefined` is the empty root. */
export function openLayeredView(snapshot: Snapshot | undefined, name: string): FileTree {
  return layeredView(snapshot, name);
}

export function layeredView(snapshot: Snapshot | undefined, name: string): LayeredView {
  return new LayeredView(name, layersOf(snapshot));
}

/** What an active snapshot looks like now, for as long as nothing is written to it. */
export function viewOfActive(active: WritableDifference, name: string): LayeredView {
  return new LayeredView(name, [{ dir: active.diffDir, owners: active.owners }, ...layersOf(active.parent)]);
}

function layersOf(snapshot: Snapshot | undefined): Layer[] {
  const tables = new Map<string, string | undefined>();
  for (let next = snapshot; next; next = next.parent) {
    if (!tables.has(next.diffDir)) tables.set(next.diffDir, next.ownerTable);
  }
  return diffDirs(snapshot).map((dir) => ({ dir, owners: readOwnerTable(tables.get(dir)) }));
}

export class LayeredView implements FileTree {
  readonly name: string;
  readonly #directories = new Map<string, MergedDirectory | undefined>();

  /** Layers topmost first. */
  constructor(name: string, layers: readonly Layer[]) {
    this.name = name;
    this.#directories.set('', { layers });
  }

  lstat(path: string): FileEntry | undefined {
    if (path === '') return this.#lstatRoot();
    const layer = this.#layerOf(path);
    if (!layer) return undefined;
    const hostPath = `${layer.dir}/${path}`;
    const stat = lstatSync(hostPath, { bigint: true, throwIfNoEntry: false });
    if (!stat) throw unreadableName(path);
    return fileEntry(path, hostPath, stat, layer.owners.get(path));
  }

  readdir(path: string): readonly string[] {
    const directory = this.#directory(path);
    if (!directory) return [];
    directory.sorted ??= [...this.#namesOf(path, directory).keys()].sort();
    return directory.sorted;
  }

  xattrs(entry: FileEntry): ReadonlyMap<string, Buffer> {
    return listXattrs(entry.hostPath, isCopiedXattr);
  }

  /** Whether something is there, cheaper than `lstat`. */
  has(path: string): boolean {
    return path === '' || this.#layerOf(path) !== undefined;
  }

  #lstatRoot(): FileEntry | undefined {
    const [top] = this.#directories.get('')?.layers ?? [];
    if (!top) return undefined;
    return fileEntry('', top.dir, lstatSync(top.dir, { bigint: true }), top.owners.get(''));
  }

  #layerOf(path: string): Layer | undefined {
    const slash = path.lastIndexOf('/');
    const parent = slash < 0 ? '' : path.slice(0, slash);
    const directory = this.#directory(parent);
    return directory && this.#namesOf(parent, directory).get(path.slice(slash + 1));
  }

  #directory(path: string): MergedDirectory | undefined {
    if (this.#directories.has(path)) return this.#directories.get(path);
    const slash = path.lastIndexOf('/');
    const parent = this.#directory(slash < 0 ? '' : path.slice(0, slash));
    const top = parent && this.#layerOf(path);
    const layers = top ? mergedLayers(path, parent.layers.slice(parent.layers.indexOf(top))) : [];
    const directory = layers.length > 0 ? { layers } : undefined;
    this.#directories.set(path, directory);
    return directory;
  }

  #namesOf(path: string, directory: MergedDirectory): ReadonlyMap<string, Layer> {
    directory.names ??= mergeNames(path, directory.layers);
    return directory.names;
  }
}

/** Those of the layers, topmost first, that this directory is made of; empty when the topmost entry is no directory. */
function mergedLayers(path: string, candidates: readonly Layer[]): Layer[] {
  const layers: Layer[] = [];
  for (const [index, layer] of candidates.entries()) {
    const hostPath = `${layer.dir}/${path}`;
    const stat = lstatSync(hostPath, { throwIfNoEntry: false });
    if (!stat) continue;
    if (!stat.isDirectory()) break;
    layers.push(layer);
    // Nothing is left to cut off below the last one, and then no attribute needs to be read.
    if (index < candidates.length - 1 && isOpaque(hostPath)) break;
  }
  return layers;
}

function mergeNames(path: string, layers: readonly Layer[]): ReadonlyMap<string, Layer> {
  const names = new Map<string, Layer>();
  const hidden = new Set<string>();
  for (const layer of layers) {
    const hostPath = path === '' ? layer.dir : `${layer.dir}/${path}`;
    for (const entry of readdirSync(hostPath, { withFileTypes: true })) {
      if (names.has(entry.name) || hidden.has(entry.name)) continue;
      if (entry.isCharacterDevice() && isWhiteout(lstatSync(`${hostPath}/${entry.name}`))) hidden.add(entry.name);
      else names.set(entry.name, layer);
    }
  }
  return names;
}

/** An entry as the disk has it, corrected by what it should be in the image. */
export function fileEntry(path: string, hostPath: string, stat: BigIntStats, override?: OwnerOverride): FileEntry {
  const type = override?.device?.type ?? fileType(stat);
  const rdev = override?.device ?? (type === 'char' || type === 'block' ? splitDevice(stat.rdev) : undefined);
  return {
    path,
    type,
    mode: override?.mode ?? Number(stat.mode & 0o7777n),
    uid: override?.uid ?? Number(stat.uid),
    gid: override?.gid ?? Number(stat.gid),
    size: type === 'file' ? Number(stat.size) : 0,
    mtimeNs: stat.mtimeNs,
    ...(type === 'symlink' && { linkTarget: readlinkSync(hostPath) }),
    ...(rdev && { rdev: { major: rdev.major, minor: rdev.minor } }),
    ...(stat.nlink > 1n && type !== 'directory' && { hardLink: `${stat.dev}:${stat.ino}` }),
    hostPath,
  };
}

/** A name that is listed and cannot be found again has bytes that are no UTF-8: they were lost on reading it. */
export function unreadableName(path: string): KnownError {
  return new KnownError(
    'LAYER_FILE_NAME',
    `The name of the file "/${stripControl(path)}" in the image is not valid UTF-8.`,
    {
      hint: 'Rename or remove the file in the step that makes it.',
    },
  );
}

function fileType(stat: BigIntStats): FileType {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  if (stat.isSymbolicLink()) return 'symlink';
  if (stat.isCharacterDevice()) return 'char';
  if (stat.isBlockDevice()) return 'block';
  return stat.isFIFO() ? 'fifo' : 'socket';
}
