import type { MapNode } from './map-node.ts';
import { bytes, embedJson, escapeHtml } from './markup.ts';
import { TREEMAP_SCRIPT } from './treemap-script.ts';

const TABLE_ROWS = 30;

/** The map of a tree, with the largest parts as a table for who cannot use a map. A page has one at most. */
export function treemap(root: MapNode): string {
  return `<p class="soft">Press a tile to look into it, Escape to go back.</p>
<nav class="crumbs" id="crumbs" aria-label="Where the map is"></nav><div id="map" role="group" aria-label="Map of the image"></div>
<details><summary>The largest parts as a table</summary><table>${largest(root)}</table></details>
<script type="application/json" id="image-data">${embedJson(compact(root))}</script><script>${TREEMAP_SCRIPT}</script>`;
}

/** Short names: the data is most of the page. */
function compact({ name, sizeBytes, children }: MapNode): unknown {
  return { n: name, s: sizeBytes, ...(children && children.length > 0 ? { c: children.map(compact) } : {}) };
}

function largest(root: MapNode): string {
  const leaves: { readonly path: string; readonly sizeBytes: number }[] = [];
  const visit = (node: MapNode, path: string): void => {
    if (!node.children?.length) leaves.push({ path, sizeBytes: node.sizeBytes });
    for (const child of node.children ?? []) visit(child, path === '' ? child.name : `${path} › ${child.name}`);
  };
  visit(root, '');
  return leaves
    .sort((a, b) => b.sizeBytes - a.sizeBytes)
    .slice(0, TABLE_ROWS)
    .map(({ path, sizeBytes }) => `<tr><td>${escapeHtml(path)}</td><td>${bytes(sizeBytes)}</td></tr>`)
    .join('');
}
