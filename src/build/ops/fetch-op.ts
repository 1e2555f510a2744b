import { cacheKey } from '../cache/cache-key.ts';
import type { OpRunner } from '../solver/op-runner.ts';
import type { OpEnvironment } from './op-environment.ts';

/** A file or repository from elsewhere, as a root filesystem with just that in it. */
export function fetchOp({ fetch, fetchIdentity }: OpEnvironment): OpRunner<'fetch'> {
  return {
    contentInputs: () => [],
    cacheKey: async (op, _inputs, context) =>
      cacheKey(
        { operation: 'fetch', source: JSON.stringify(op.source), identity: await fetchIdentity(op, context) },
        [],
      ),
    run: (op, _inputs, context) => fetch(op, context),
  };
}
