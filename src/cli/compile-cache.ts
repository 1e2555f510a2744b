import { statSync } from 'node:fs';
import nodeModule from 'node:module';
import { join } from 'node:path';

/** Since Node.js 22.8. */
interface CompileCacheApi {
  enableCompileCache?(directory: string): unknown;
}

/**
 * Lets Node.js keep what it compiles, in the user's cache folder, where it can. Compiling is a good part of a cached
 * build. Only in a home of the user's own: what lies there will be executed.
 */
export function enableCompileCache({ XDG_CACHE_HOME, HOME }: NodeJS.ProcessEnv): void {
  const { enableCompileCache: enable } = nodeModule as CompileCacheApi;
  const cacheHome = XDG_CACHE_HOME || (HOME && join(HOME, '.cache'));
  if (!enable || !cacheHome || !isOwn(XDG_CACHE_HOME || HOME)) return;
  enable(join(cacheHome, 'slipway', 'compiled'));
}

function isOwn(directory: string | undefined): boolean {
  const stats = directory === undefined ? undefined : statSync(directory, { throwIfNoEntry: false });
  return stats !== undefined && stats.uid === process.geteuid?.() && (stats.mode & 0o022) === 0;
}
