import { statSync } from 'node:fs';
import nodeModule from 'node:module';
import { join } from 'node:path';

/** Since Node.js 22.8. */
interface CompileCacheApi {
  enableCompileCache?(directory: string): unknown;
}

/**
 * Where compiled code is kept: in the user's cache folder. Compiling is a good part of a cached build. undefined unless
 * that is in a home of the user's own, since what lies there will be executed.
 */
export function compileCacheFolder({ XDG_CACHE_HOME, HOME }: NodeJS.ProcessEnv): string | undefined {
  const cacheHome = XDG_CACHE_HOME || (HOME && join(HOME, '.cache'));
  return cacheHome && isOwn(XDG_CACHE_HOME || HOME) ? join(cacheHome, 'slipway', 'compiled') : undefined;
}

/** Lets Node.js keep there what it compiles. False where it cannot. */
export function enableCompileCache(folder: string): boolean {
  const { enableCompileCache: enable } = nodeModule as CompileCacheApi;
  enable?.(folder);
  return enable !== undefined;
}

function isOwn(directory: string | undefined): boolean {
  const stats = directory === undefined ? undefined : statSync(directory, { throwIfNoEntry: false });
  return stats !== undefined && stats.uid === process.geteuid?.() && (stats.mode & 0o022) === 0;
}
