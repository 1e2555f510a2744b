import { type CacheKey, cacheKey } from '../cache/cache-key.ts';
import type { FetchOp } from '../graph/op.ts';
import type { OpRunner } from '../solver/op-runner.ts';
import type { OpEnvironment } from './op-environment.ts';

/** A file or repository from elsewhere, as a root filesystem with just that in it. */
export function fetchOp({ fetch, fetchIdentity }: Pick<OpEnvironment, 'fetch' | 'fetchIdentity'>): OpRunner<'fetch'> {
  return {
    contentInputs: () => [],
    cacheKey: async (op, _inputs, context) => fetchKey(op, await fetchIdentity(op, context)),
    run: (op, _inputs, context) => fetch(op, context),
  };
}

/** `identity` is what `fetchIdentity` says. */
export function fetchKey(op: FetchOp, identity: string): CacheKey {
  return cacheKey({ operation: 'fetch', source: describe(op), identity }, []);
}

/** As in BuildKit, where it came from takes no part: what has the same identity is the same, from whichever mirror. */
function describe({ source }: FetchOp): string {
  if (source.type === 'http') return JSON.stringify({ type: 'http', fileName: source.fileName });
  const { subdir = '', keepGitDir, submodules = true, remote, ref } = source;
  return JSON.stringify({ type: 'git', subdir, submodules, ...(keepGitDir && { keepGitDir, remote, ref }) });
}
