/**
 * The files of an image as a container would see them, from the lists of its layers, without unpacking anything: parents are resolved
 * through links as a process with this root would, whiteouts hide what is below. It remembers what each layer stored that is not there
 * any more. What surprises: a whiteout only concerns the layers below, wherever in its own layer it stands.
 */
import type { LayerEntry } from './layer-entry.ts';

/** The bytes of a file as one layer stored them. Several hard links have one content. */
export interface StoredContent {
  /** The first name it had. */
  readonly path: string;
  readonly layer: number;
  readonly sizeBytes: number;
  readonly contentHash: string;
}

/** Content that no name leads to any more. */
export interface WastedContent extends StoredContent {
  /** What took its last name away, and in which layer. */
  readonly by: 'replaced' | 'deleted';
  readonly byLayer: number;
  /** What replaced it has the same bytes: only its mode, owner or time changed. */
  readonly isSameContent: boolean;
}

export interface TreeNode {
  /** The layer that wrote it last; a directory's attributes are those of its last entry. */
  readonly layer: number;
  readonly entry: LayerEntry;
  /** Of a directory, by name. */
  readonly children: ReadonlyMap<string, TreeNode> | undefined;
  /** Of a regular file. */
  readonly content: StoredContent | undefined;
}

export interface FoundNode {
  /** Where it really lies, links resolved. '' is the root. */
  readonly path: string;
  readonly node: TreeNode;
}

interface MutableNode {
  layer: number;
  entry: LayerEntry;
  children: Map<string, MutableNode> | undefined;
  content: MutableContent | undefined;
}

interface MutableContent extends StoredContent {
  names: number;
}

/** The kernel's limit. */
const MOST_LINKS = 40;

export class ImageTree {
  readonly #root: MutableNode = directory({ ...IMPLIED, path: '' }, 0);
  readonly #wasted: WastedContent[] = [];

  /** Lowest layer first; index in the list is what `layer` means everywhere. */
  constructor(layers: readonly (readonly LayerEntry[])[]) {
    for (const [layer, entries] of layers.entries()) this.#apply(entries, layer);
  }

  get root(): TreeNode {
    return this.#root;
  }

  /** In the order in which they were lost. */
  get wasted(): readonly WastedContent[] {
    return this.#wasted;
  }

  /** What a path leads to; a link in the last place is followed unless told otherwise. undefined when nothing is there. */
  find(path: string, { followLast = true } = {}): FoundNode | undefined {
    const names = splitPath(path);
    const trail: { readonly name: string; readonly node: MutableNode }[] = [];
    let links = 0;
    while (names.length > 0) {
      const name = names.shift() as string;
      if (name === '..') trail.pop();
      if (name === '..' || name === '.') continue;
      const child = (trail.at(-1)?.node ?? this.#root).children?.get(name);
      if (!child) return undefined;
      const isFollowed = child.entry.kind === 'symlink' && (names.length > 0 || followLast);
      if (!isFollowed) trail.push({ name, node: child });
      else if (++links > MOST_LINKS) return undefined;
      else {
        const target = child.entry.linkTarget ?? '';
        if (target.startsWith('/')) trail.length = 0;
        names.unshift(...splitPath(target));
      }
    }
    return { path: trail.map(({ name }) => name).join('/'), node: trail.at(-1)?.node ?? this.#root };
  }

  /** Everything in the tree but the root, a directory before what is in it, in order of names. */
  *walk(): Generator<FoundNode> {
    const stack: FoundNode[] = [{ path: '', node: this.#root }];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const { path, node } = next;
      if (path !== '') yield next;
      const below = [...(node.children ?? [])].sort(([a], [b]) => (a < b ? 1 : -1));
      for (const [name, child] of below) stack.push({ path: path === '' ? name : `${path}/${name}`, node: child });
    }
  }

  #apply(entries: readonly LayerEntry[], layer: number): void {
    for (const entry of entries) {
      if (entry.kind === 'whiteout') this.#hide(entry.path, layer);
      else if (entry.kind === 'opaque') this.#hideBelow(entry.path, layer);
    }
    for (const entry of entries) if (entry.kind !== 'whiteout' && entry.kind !== 'opaque') this.#add(entry, layer);
  }

  #hide(path: string, layer: number): void {
    const [folder, name] = splitLast(path);
    const parent = this.find(folder)?.node as MutableNode | undefined;
    const node = parent?.children?.get(name);
    if (!node) return;
    this.#release(node, { by: 'deleted', byLayer: layer });
    parent?.children?.delete(name);
  }

  #hideBelow(path: string, layer: number): void {
    const node = this.find(path)?.node as MutableNode | undefined;
    for (const child of node?.children?.values() ?? []) this.#release(child, { by: 'deleted', byLayer: layer });
    node?.children?.clear();
  }

  #add(entry: LayerEntry, layer: number): void {
    if (entry.path === '') {
      Object.assign(this.#root, { entry, layer });
      return;
    }
    const [folder, name] = splitLast(entry.path);
    const children = this.#folder(folder, layer).children ?? new Map();
    const existing = children.get(name);
    if (entry.kind === 'directory' && existing?.children) {
      Object.assign(existing, { entry, layer });
      return;
    }
    const node = this.#node(entry, layer);
    if (existing) this.#release(existing, { by: 'replaced', byLayer: layer, replacedBy: node });
    children.set(name, node);
  }

  #node(entry: LayerEntry, layer: number): MutableNode {
    if (entry.kind === 'directory') return directory(entry, layer);
    const target =
      entry.kind === 'link'
        ? (this.find(entry.linkTarget ?? '', { followLast: false })?.node as MutableNode)
        : undefined;
    if (target?.content) target.content.names++;
    const own = entry.kind === 'file' ? contentOf(entry, layer) : undefined;
    // A hard link has everything of its file, also what the file is.
    return { layer, entry: target?.entry ?? entry, children: undefined, content: target?.content ?? own };
  }

  /** The directory a path leads to; made where it is missing, and in the place of what is no directory. */
  #folder(path: string, layer: number): MutableNode {
    const found = this.find(path)?.node as MutableNode | undefined;
    if (found?.children) return found;
    const [folder, name] = splitLast(path);
    const parent = this.#folder(folder, layer);
    const made = directory({ ...IMPLIED, path }, layer);
    const existing = parent.children?.get(name);
    if (existing) this.#release(existing, { by: 'replaced', byLayer: layer });
    parent.children?.set(name, made);
    return made;
  }

  #release(
    node: MutableNode,
    { replacedBy, ...loss }: Pick<WastedContent, 'by' | 'byLayer'> & { readonly replacedBy?: MutableNode },
  ): void {
    const stack = [node];
    for (let next = stack.pop(); next; next = stack.pop()) {
      stack.push(...(next.children?.values() ?? []));
      const { content } = next;
      if (!content || --content.names > 0 || content.sizeBytes === 0) continue;
      const { names: _, ...stored } = content;
      this.#wasted.push({
        ...stored,
        ...loss,
        isSameContent: replacedBy?.content?.contentHash === content.contentHash,
      });
    }
  }
}

/** A directory that a path goes through and no entry made. */
const IMPLIED: Omit<LayerEntry, 'path'> = {
  kind: 'directory',
  mode: 0o755,
  uid: 0,
  gid: 0,
  sizeBytes: 0,
  mtimeSeconds: 0,
};

function directory(entry: LayerEntry, layer: number): MutableNode {
  return { layer, entry, children: new Map(), content: undefined };
}

function contentOf({ path, sizeBytes, contentHash = '' }: LayerEntry, layer: number): MutableContent {
  return { path, layer, sizeBytes, contentHash, names: 1 };
}

function splitPath(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

function splitLast(path: string): [folder: string, name: string] {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? ['', path] : [path.slice(0, slash), path.slice(slash + 1)];
}
