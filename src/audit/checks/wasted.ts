import { type Check, failed, passed } from '../check.ts';
import { formatBytes } from '../format-bytes.ts';

const LARGEST_SHARE = 0.1;
/** Nobody waits for less. */
const SMALLEST = 1_000_000;
const SHOWN = 3;

export const wasted: Check = {
  name: 'wasted',
  title: 'carries few bytes that nobody can see',
  level: 'info',
  hint: 'Delete what a step makes in the same RUN, and set owner and mode with COPY --chown and --chmod; "slipway size" lists all of them.',
  run({ tree, sizeBytes }) {
    const bytes = tree.wasted.reduce((sum, each) => sum + each.sizeBytes, 0);
    const text = `${formatBytes(bytes)} of ${formatBytes(sizeBytes)} replaced or deleted by later layers`;
    if (bytes < SMALLEST || bytes < LARGEST_SHARE * sizeBytes) return passed(text);
    const largest = [...tree.wasted].sort((a, b) => b.sizeBytes - a.sizeBytes).slice(0, SHOWN);
    return failed(
      text,
      ...largest.map(({ path, layer, by, byLayer, sizeBytes: size }) => {
        return { text: `${formatBytes(size)} ${by} in layer ${byLayer + 1}`, path, layer: layer + 1 };
      }),
    );
  },
};
