/** A part of something and what it is made of. A leaf has no children; a node's size is the sum of its children's. */
export interface MapNode {
  readonly name: string;
  readonly sizeBytes: number;
  readonly children?: readonly MapNode[];
  /** It keeps its own place even if it has one child alone. */
  readonly isFixed?: boolean;
}

/** Parts smaller than this share of the whole are put together. */
const SMALLEST_SHARE = 0.0005;

export function parentNode(name: string, children: readonly MapNode[], { isFixed = false } = {}): MapNode {
  return { name, sizeBytes: sumOf(children), children, isFixed };
}

export function sumOf(nodes: readonly MapNode[]): number {
  return nodes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** Largest first; what is too small to be seen becomes one node, and folders with one folder in them a path. */
export function prunedMap(root: MapNode): MapNode {
  return pruned({ ...root, isFixed: true }, SMALLEST_SHARE * root.sizeBytes);
}

function pruned(node: MapNode, smallest: number): MapNode {
  if (!node.children) return node;
  const [only, ...others] = node.children;
  if (only?.children && others.length === 0 && !node.isFixed)
    return pruned({ ...only, name: `${node.name}/${only.name}` }, smallest);
  const large = node.children.filter(({ sizeBytes }) => sizeBytes >= smallest);
  const small = node.children.filter(({ sizeBytes }) => sizeBytes < smallest);
  const children = large.map((child) => pruned(child, smallest)).sort((a, b) => b.sizeBytes - a.sizeBytes);
  if (small.length > 0) children.push({ name: `(${small.length} smaller)`, sizeBytes: sumOf(small) });
  return { ...node, children };
}
