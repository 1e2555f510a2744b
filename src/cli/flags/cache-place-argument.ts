import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CacheSource, StoredCacheDestination } from '../../build/exchange/cache-place-spec.ts';
import { parseCacheFrom, parseCacheTo } from './cache-flag.ts';
import { usageError } from './csv-fields.ts';

/**
 * Where `cache export` writes: a folder (`./cache`, or one that is there), a reference, or the fields of --cache-to.
 * @throws KnownError USAGE, REFERENCE_INVALID
 */
export function cacheDestination(argument: string, cwd: string): StoredCacheDestination {
  const value = argument.includes('=')
    ? argument
    : isFolder(argument, cwd)
      ? `type=local,"dest=${argument}"`
      : argument;
  const destination = parseCacheTo(value);
  if (destination.type !== 'inline') return destination;
  throw usageError('Cache mounts have no place in an image.', 'Name a folder or a reference.');
}

/** Where `cache import` reads; see `cacheDestination`. */
export function cacheSource(argument: string, cwd: string): CacheSource {
  const value = argument.includes('=') ? argument : isFolder(argument, cwd) ? `type=local,"src=${argument}"` : argument;
  return parseCacheFrom(value);
}

function isFolder(argument: string, cwd: string): boolean {
  if (/^(?:[./~]|$)/.test(argument)) return true;
  return statSync(resolve(cwd, argument), { throwIfNoEntry: false })?.isDirectory() === true;
}
