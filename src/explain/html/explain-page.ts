/**
 * A build as one page that needs nothing else: what was cached and why not, where the time went, what the image is made of.
 * Text of a Dockerfile or an image only ever enters it escaped, and the page may load nothing.
 */
import { join } from 'node:path';
import { ManifestStore } from '../../build/cache/manifest-store.ts';
import type { BuildRecord } from '../../build/record/build-record.ts';
import { BuildRecords } from '../../build/record/build-records.ts';
import { familiarReference, parseReference } from '../../image/reference.ts';
import { htmlPage } from '../../page/html-page.ts';
import type { MapNode } from '../../page/map-node.ts';
import { bytes, duration, escapeHtml } from '../../page/markup.ts';
import { treemap } from '../../page/treemap.ts';
import { type ExplainOptions, explainRecord } from '../explain.ts';
import type { ExplainedMiss, Explanation } from '../explanation.ts';
import { findBuild } from '../find-build.ts';
import { imageMap } from '../image-map.ts';
import { cacheTree } from './cache-tree.ts';
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
  return htmlPage({
    title: titleOf(record),
    facts: facts(record),
    main: `<h2>What the cache had</h2>${summary(explanation)}${explanation.misses.map((miss) => missCard(miss, explanation)).join('')}
<h2>Where the time went</h2>${waterfall(record)}
<h2>The cache, step by step</h2><div class="tree">${cacheTree(record, explanation)}</div>
${image ? imageSection(image) : '<h2>The image</h2><p class="soft">It is not in the store.</p>'}`,
  });
}

function titleOf({ result, options }: BuildRecord): string {
  const name = result?.names[0] ?? options.tags[0];
  return name === undefined ? `Build of ${options.context}` : familiarReference(parseReference(name));
}

function facts({ id, startedMs, endedMs, options, result, error, machine }: BuildRecord): readonly string[] {
  const made = result
    ? [result.imageId?.slice(0, 19) ?? '', `${result.layers} layers, ${bytes(result.sizeBytes)}`]
    : [`failed: ${error?.message ?? ''}`];
  return [
    new Date(startedMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    `took ${duration(endedMs - startedMs)}`,
    ...made,
    options.dockerfile,
    ...(options.target === undefined ? [] : [`target ${options.target}`]),
    `${machine.cpus} CPUs`,
    `build ${id}`,
  ];
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

function imageSection(image: MapNode): string {
  return `<h2>The image: ${bytes(image.sizeBytes)} by layer, file and Go package</h2>
${treemap(image)}`;
}
