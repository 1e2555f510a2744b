import type { BuildResult } from '../../build/build-options.ts';
import type { Terminal } from '../terminal.ts';
import { formatDuration } from './duration.ts';
import { formatSize } from './size.ts';

/** The last line of a build: what was made, how large, what the cache saved. */
export function buildSummary(result: BuildResult, { colors, unicode }: Terminal): string {
  const mark = colors.green(unicode ? '✓' : '+');
  const name = result.names[0] ?? result.imageId?.slice(0, 'sha256:'.length + 12);
  const layers = `${result.layers} ${result.layers === 1 ? 'layer' : 'layers'}, ${formatSize(result.sizeBytes)}`;
  const saved = result.cachedMs >= 100 ? `; ${formatDuration(result.cachedMs)} of steps were cached` : '';
  const unused = result.unusedBuildArgs.map(
    (arg) => `${colors.yellow('warning')}: --build-arg ${arg} was not used: no ARG declares it.\n`,
  );
  return `${unused.join('')}\n${mark} ${colors.bold(name ?? 'done')}  ${result.imageId ?? ''}  ${layers}${saved}\n`;
}
