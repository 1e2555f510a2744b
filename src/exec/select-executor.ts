import { KnownError } from '../diagnostics/known-error.ts';
import type { Executor, Isolation } from './executor.ts';
import { NamespacesExecutor } from './namespaces-executor.ts';

/**
 * The executor for a kind of isolation; `auto` is the first that works on this machine. Nothing is asked of the
 * machine before this is called, so a build whose steps are all cached pays nothing.
 * @throws KnownError SANDBOX_UNAVAILABLE when the wanted one cannot work here.
 */
export async function selectExecutor(isolation: 'auto' | Isolation): Promise<Executor> {
  if (isolation === 'auto' || isolation === 'namespaces') return new NamespacesExecutor();
  throw new KnownError('SANDBOX_UNAVAILABLE', `--isolation=${isolation} does not work on this machine`);
}
