/**
 * Manifests as they are kept: each entry `\0path\0digest\0size\0`, so that two NULs stand between entries and nowhere else. Two
 * texts can be compared and only what differs be read, which is what large contexts need.
 */
import type { ContentManifest, ManifestEntry } from '../../context/content-manifest.ts';

/** No field may be empty, and no path begins with a slash. */
const ROOT = '/';
const BETWEEN = '\0\0';
const DIRECTORY = /\0directory [0-7]+ \d+:\d+ 0 /g;

export function manifestText(manifest: ContentManifest): string {
  const entries: string[] = [];
  for (const [path, { digest, sizeBytes }] of manifest) entries.push(`\0${path || ROOT}\0${digest}\0${sizeBytes}\0`);
  return entries.join('');
}

/** Of a text or of whole entries of one; entries that are none are left out. */
export function parseManifestText(text: string): ContentManifest {
  const manifest = new Map<string, ManifestEntry>();
  for (const entry of text.slice(1, -1).split(BETWEEN)) {
    const [path, digest, size] = entry.split('\0');
    if (path === undefined || digest === undefined || size === undefined) continue;
    manifest.set(path === ROOT ? '' : path, { digest, sizeBytes: Number(size) });
  }
  return manifest;
}

/** Both texts without the whole entries that they begin and end with alike. */
export function differentEntries(a: string, b: string): readonly [string, string] {
  const start = a.lastIndexOf(BETWEEN, commonStart(a, b) - BETWEEN.length) + 1;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  const boundary = restA.indexOf(BETWEEN, restA.length - commonEnd(restA, restB));
  const cut = boundary < 0 ? 0 : restA.length - (boundary + 1);
  return [restA.slice(0, restA.length - cut), restB.slice(0, restB.length - cut)];
}

/** Entries that are no directories. */
export function countFiles(text: string): number {
  if (text === '') return 0;
  let entries = 1;
  for (let at = text.indexOf(BETWEEN); at >= 0; at = text.indexOf(BETWEEN, at + BETWEEN.length)) entries++;
  return entries - (text.match(DIRECTORY)?.length ?? 0);
}

/** Halves what is left, so that each character is compared about once. */
function commonStart(a: string, b: string): number {
  let low = 0;
  let high = Math.min(a.length, b.length);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (a.slice(low, middle) === b.slice(low, middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function commonEnd(a: string, b: string): number {
  let low = 0;
  let high = Math.min(a.length, b.length);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const isEqual = a.slice(a.length - middle, a.length - low) === b.slice(b.length - middle, b.length - low);
    if (isEqual) low = middle;
    else high = middle - 1;
  }
  return low;
}
