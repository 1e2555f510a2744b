/**
 * A build as one page that needs nothing else: what was cached and why not, where the time went, what the image is made of.
 * Text of a Dockerfile or an image only ever enters it escaped, and the page may load nothing.
 */
import { join } from 'node:path';
import { ManifestStore } from '../../build/cache/manifest-store.ts';
import type { BuildRecord } from '../../build/record/build-record.ts';
import { BuildRecords } from '../../build/record/build-records.ts';
import { familiarReference, parseReference } from '../../image/reference.ts';
import { type ExplainOptions, explainRecord } from '../explain.ts';
import type { ExplainedMiss, Explanation } from '../explanation.ts';
import { findBuild } from '../find-build.ts';
import { imageMap, type MapNode } from '../image-map.ts';
import { cacheTree } from './cache-tree.ts';
import { bytes, duration, embedJson, escapeHtml } from './markup.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';
import { waterfall } from './waterfall.ts';

/** The page of a build in the store. @throws KnownError BUILD_NOT_FOUND */
export async function explainPage({ storeRoot, build }: ExplainOptions): Promise<string> {
  const records = new BuildRecords(join(storeRoot, 'builds'));
  const manifests = new ManifestStore(join(storeRoot, 'cache'));
  const record = findBuild(records, build);
  const explanation = explainRecord(record, records.earlier(record), (digest) => manifests.get(digest));
  const imageId = record.result?.imageId;
  return renderPage(record, explanation, imageId === undefined ? undefined : await imageMap(storeRoot, imageId));
}

/** `image` is left out where the image is not in the store. */
export function renderPage(record: BuildRecord, explanation: Explanation, image: MapNode | undefined): string {
  const title = titleOf(record);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline';script-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title><style>${PAGE_STYLE}</style></head><body>
<header><h1>${escapeHtml(title)}</h1>${facts(record)}</header>
<main>
<h2>What the cache had</h2>${summary(explanation)}${explanation.misses.map((miss) => missCard(miss, explanation)).join('')}
<h2>Where the time went</h2>${waterfall(record)}
<h2>The cache, step by step</h2><div class="tree">${cacheTree(record, explanation)}</div>
${image ? imageSection(image) : '<h2>The image</h2><p class="soft">It is not in the store.</p>'}
</main></body></html>
`;
}

function titleOf({ result, options }: BuildRecord): string {
  const name = result?.names[0] ?? options.tags[0];
  return name === undefined ? `Build of ${options.context}` : familiarReference(parseReference(name));
}

function facts({ id, startedMs, endedMs, options, result, error, machine }: BuildRecord): string {
  const made = result
    ? [result.imageId?.slice(0, 19) ?? '', `${result.layers} layers, ${bytes(result.sizeBytes)}`]
    : [`failed: ${error?.message ?? ''}`];
  const parts = [
    new Date(startedMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    `took ${duration(endedMs - startedMs)}`,
    ...made,
    options.dockerfile,
    ...(options.target === undefined ? [] : [`target ${options.target}`]),
    `${machine.cpus} CPUs`,
    `build ${id}`,
  ];
  return `<p class="soft">${parts.map(escapeHtml).join(' · ')}</p>`;
}

function summary({ steps, cached, ran, notNeeded }: Explanation): string {
  const sparedMs = steps.reduce((sum, step) => sum + (step.outcome === 'hit' ? step.durationMs : 0), 0);
  const rest = notNeeded > 0 ? `, ${notNeeded} not needed` : '';
  const spared = sparedMs >= 100 ? ` The cache spared ${duration(sparedMs)}.` : '';
  return `<p>${cached} of ${steps.length} steps were cached, ${ran} ran${rest}.${spared}</p>`;
}

function missCard({ causes, caused, costMs, costBytes, advice }: ExplainedMiss, { steps }: Explanation): string {
  const byNumber = new Map(steps.map((step) => [step.number, step]));
  const followed = caused.flatMap((number) => byNumber.get(number) ?? []);
  const rows: [string, string][] = [
    ['cost', `${duration(costMs)}${costBytes > 0 ? `, ${bytes(costBytes)} made anew` : ''}`],
    ...(followed.length > 0
      ? [
          ['caused', followed.map(({ text, durationMs }) => `${text} (${duration(durationMs)})`).join(', ')] as [
            string,
            string,
          ],
        ]
      : []),
    ...(advice
      ? [['advice', `${advice.text}: ${duration(advice.savedMs)} of ${duration(costMs)}`] as [string, string]]
      : []),
  ];
  const list = rows.map(([name, text]) => `<dt>${name}</dt><dd>${escapeHtml(text)}</dd>`).join('');
  return `<article class="miss"><strong>${causes.map(({ text }) => escapeHtml(text)).join('<br>')}</strong><dl>${list}</dl></article>`;
}

/** Short names: the data is most of the page. */
function compact({ name, sizeBytes, children }: MapNode): unknown {
  return { n: name, s: sizeBytes, ...(children && children.length > 0 ? { c: children.map(compact) } : {}) };
}

function imageSection(image: MapNode): string {
  return `<h2>The image: ${bytes(image.sizeBytes)} by layer, file and Go package</h2>
<p class="soft">Press a tile to look into it, Escape to go back.</p>
<nav class="crumbs" id="crumbs" aria-label="Where the map is"></nav><div id="map" role="group" aria-label="Map of the image"></div>
<details><summary>The largest parts as a table</summary><table>${largest(image)}</table></details>
<script type="application/json" id="image-data">${embedJson(compact(image))}</script><script>${PAGE_SCRIPT}</script>`;
}

const TABLE_ROWS = 30;

function largest(image: MapNode): string {
  const leaves: { readonly path: string; readonly sizeBytes: number }[] = [];
  const visit = (node: MapNode, path: string): void => {
    if (!node.children?.length) leaves.push({ path, sizeBytes: node.sizeBytes });
    for (const child of node.children ?? []) visit(child, path === '' ? child.name : `${path} › ${child.name}`);
  };
  visit(image, '');
  return leaves
    .sort((a, b) => b.sizeBytes - a.sizeBytes)
    .slice(0, TABLE_ROWS)
    .map(({ path, sizeBytes }) => `<tr><td>${escapeHtml(path)}</td><td>${bytes(sizeBytes)}</td></tr>`)
    .join('');
}
