import { cacheKey } from '../cache/cache-key.ts';
import type { OpRunner } from '../solver/op-runner.ts';

/** Files from outside are read in place by the operations that select some of them; by itself a context makes nothing. */
export function contextOp(): OpRunner<'context'> {
  return {
    isKept: false,
    contentInputs: () => [],
    cacheKey: async (op) => cacheKey({ operation: 'context', name: op.name }, []),
    run: async () => undefined,
  };
}
