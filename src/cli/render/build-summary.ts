import fastStringWidth from 'fast-string-width';
import type { BuildResult } from '../../build/build-options.ts';
import { familiarReference, parseReference } from '../../image/reference.ts';
import type { Terminal } from '../terminal.ts';
import { formatDuration } from './duration.ts';
import { formatSize } from './size.ts';

/** The last line of a build: what was made, how large, how long it took, what the cache saved. */
export function buildSummary(result: BuildResult, elapsedMs: number, { colors, unicode, columns }: Terminal): string {
  const mark = colors.green(unicode ? '✓' : '+');
  const name = result.names.map((text) => familiarReference(parseReference(text))).join(', ');
  const id = result.imageId?.slice(0, 'sha256:'.length + 12);
  const layers = `${result.layers} ${result.layers === 1 ? 'layer' : 'layers'}, ${formatSize(result.sizeBytes)}`;
  const unused = result.unusedBuildArgs.map(
    (arg) => `${colors.yellow('warning')}: --build-arg ${arg} was not used: no ARG declares it.\n`,
  );
  const made = [...(name ? [colors.bold(name)] : []), ...(id ? [id] : []), layers].join('  ');
  const saved = result.cachedMs >= 100 ? `${formatDuration(result.cachedMs)} of steps were cached` : '';
  const line = `${made} in ${formatDuration(elapsedMs)}`;
  const isRoom = 2 + fastStringWidth(line) + 2 + saved.length <= columns();
  const more = saved === '' ? '' : isRoom ? `; ${saved}` : `\n  ${saved}`;
  return `${unused.join('')}\n${mark} ${line}${more}\n`;
}
