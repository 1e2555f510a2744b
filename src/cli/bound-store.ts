import { KnownError, systemErrorCode } from '../diagnostics/known-error.ts';
import { parseSizeFlag } from './flags/value-flag.ts';
import { isOverCeiling, pruneSummary, shortfall } from './render/prune-result.ts';
import type { Terminal } from './terminal.ts';

export interface BoundStoreOptions {
  readonly storeRoot: string;
  /** As --max-size has it. */
  readonly maxSize: string;
  readonly stderr: Terminal;
  /** Say what was removed. */
  readonly isVerbose: boolean;
}

/**
 * Brings the store under its ceiling when a build has ended, whichever way. It never changes how the build ended: a store that is
 * still too large is said, and another prune at work does the same. @throws KnownError USAGE for what is no size
 */
export async function boundStore({ storeRoot, maxSize, stderr, isVerbose }: BoundStoreOptions): Promise<void> {
  const ceilingBytes = parseSizeFlag('--max-size', maxSize);
  const [{ prune }, { openStore }] = await Promise.all([
    import('../prune/prune.ts'),
    import('../distribution/store.ts'),
  ]);
  try {
    const result = await prune(openStore(storeRoot), {
      ...{ cache: false, namedImages: false, unnamedImages: false },
      ceilingBytes: () => ceilingBytes,
      useRememberedSizes: true,
      signal: new AbortController().signal,
    });
    if (isVerbose && result.bytes > 0) stderr.write(pruneSummary(result, { dryRun: false }));
    if (isOverCeiling(result)) stderr.write(shortfall(result));
  } catch (error) {
    if (error instanceof KnownError && error.code === 'STORE_LOCKED') return;
    if (systemErrorCode(error) === undefined) throw error;
    stderr.write(`The store could not be pruned: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
