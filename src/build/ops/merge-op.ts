import { cacheKey } from '../cache/cache-key.ts';
import type { OpRunner } from '../solver/op-runner.ts';
import type { OpEnvironment } from './op-environment.ts';

/** COPY --link: the difference that was made on scratch, put on the root without copying a byte. */
export function mergeOp({ snapshotter }: OpEnvironment): OpRunner<'merge'> {
  return {
    contentInputs: () => [],
    cacheKey: async (_op, inputs) =>
      cacheKey(
        { operation: 'merge' },
        inputs.map(({ key }) => key.digest),
      ),
    async run(_op, inputs) {
      const [root, difference] = await Promise.all([inputs.at(-2)?.snapshot(), inputs.at(-1)?.snapshot()]);
      return difference ? snapshotter.rebase(difference, root) : root;
    },
  };
}
