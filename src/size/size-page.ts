import { htmlPage } from '../page/html-page.ts';
import { bytes, escapeHtml } from '../page/markup.ts';
import { treemap } from '../page/treemap.ts';
import type { ImageSizes, WastedPath } from './image-sizes.ts';
import { sizeMap } from './size-map.ts';

const ROWS = 50;
const PERCENT = 100;

/** The sizes of an image as one page that needs nothing else, with a map to look into. */
export function sizePage(sizes: ImageSizes): string {
  const { image, id, platform, sizeBytes, blobBytes, efficiency, layers } = sizes;
  return htmlPage({
    title: `Size of ${image}`,
    facts: [
      id.slice(0, 19),
      platform,
      `${layers.length} layers, ${bytes(sizeBytes)}`,
      ...(blobBytes === undefined ? [] : [`${bytes(blobBytes)} to transfer`]),
      `efficiency ${(PERCENT * efficiency).toFixed(1)} %`,
    ],
    main: `<h2>By layer, file and Go package</h2>${treemap(sizeMap(sizes))}
<h2>Layers</h2>${table(layers.map(({ number, instruction, fileBytes }) => [`${number}: ${instruction}`, bytes(fileBytes)]))}
<h2>Wasted: ${bytes(sizes.wastedBytes)}</h2>${table(sizes.wasted.map((each) => [wastedText(each), bytes(each.sizeBytes)]))}
<h2>Duplicate: ${bytes(sizes.duplicateBytes)}</h2>${table(
      sizes.duplicates.map(({ paths, sizeBytes: size }) => [paths.join(', '), bytes((paths.length - 1) * size)]),
    )}`,
  });
}

/** `layer 1, deleted in 3`. */
export function wastedText({ path, layers, by, byLayers, isSameContent }: WastedPath): string {
  const why = isSameContent ? 'written again with the same bytes' : by;
  return `${path} (layer ${layers.join(', ')}, ${why} in ${byLayers.at(-1)})`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return '<p class="soft">None.</p>';
  const shown = rows.slice(0, ROWS).map(([text, size]) => `<tr><td>${escapeHtml(text)}</td><td>${size}</td></tr>`);
  const more = rows.length > ROWS ? `<p class="soft">and ${rows.length - ROWS} more</p>` : '';
  return `<table>${shown.join('')}</table>${more}`;
}
