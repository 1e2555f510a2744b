import { readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { tryLock } from '../../system/lock.ts';
import { listMounts } from './mount-folder.ts';

/**
 * Removes the cache mounts of these ids, whatever they were seeded from, and the copies that steps made of private ones. `root` is
 * the store's `mounts/`. Returns the ids of those that a running step holds: they stay.
 */
export function discardMounts(root: string, ids: ReadonlySet<string>): readonly string[] {
  if (ids.size === 0) return [];
  const held = new Set<string>();
  for (const { identity, dir } of listMounts(root)) {
    if (identity.kind !== 'cache' || !ids.has(identity.id)) continue;
    for (const folder of [dir, ...privateCopies(root, basename(dir))]) if (!discard(folder)) held.add(identity.id);
  }
  return [...held];
}

function privateCopies(root: string, name: string): readonly string[] {
  const isCopy = (other: string) => other.startsWith(`${name}-`) && /^\d+$/.test(other.slice(name.length + 1));
  return readdirSync(root)
    .filter(isCopy)
    .map((copy) => join(root, copy));
}

/** False when it is in use. */
function discard(dir: string): boolean {
  using lock = tryLock(`${dir}.lock`);
  if (!lock) return false;
  // What is interrupted here leaves no half of a cache.
  const removed = `${dir}.removed-${process.pid}`;
  renameSync(dir, removed);
  rmSync(removed, { recursive: true, force: true });
  return true;
}
