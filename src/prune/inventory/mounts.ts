import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { mountName, parseIdentity } from '../../build/cache/mount-folder.ts';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import { tryLock } from '../../system/lock.ts';
import type { StoreItem } from '../store-item.ts';
import type { Reading } from './inventory.ts';
import { lastUsedMs, namesIn } from './names-in.ts';

/** Folders of `mounts/` that have folders of a kind of their own, and what those are to people. */
const GROUPS: Readonly<Record<string, string>> = { 'go-build': "Go's build cache", 'go-modules': 'Go modules' };
/** A folder that is being seeded (`.new-`) or thrown away (`.removed-`); its maker is at work or was killed. */
const UNFINISHED = /\.(?:new|removed)-/;

/** Cache mounts and Go's caches: what steps keep for their next run. */
export function mountItems(reading: Reading): StoreItem[] {
  const groups = Object.entries(GROUPS).flatMap(([group, what]) => mountsIn(reading, `mounts/${group}`, what));
  return [...groups, ...mountsIn(reading, 'mounts', 'cache mount')];
}

function mountsIn(reading: Reading, dir: string, what: string): StoreItem[] {
  return namesIn(join(reading.store.root, dir)).flatMap((name) => {
    const path = join(reading.store.root, dir, name);
    if (Object.hasOwn(GROUPS, name) || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [];
    return [mountItem(reading, { path, id: join(dir, name).slice('mounts/'.length), what })];
  });
}

function mountItem(
  { meter, users }: Reading,
  { path, id, what }: { readonly path: string; readonly id: string; readonly what: string },
): StoreItem {
  const isUnfinished = UNFINISHED.test(id);
  const described = `${path}.mount.json`;
  const isInUse = isUnfinished || isLockless(id) ? users.length > 0 : isLocked(`${path}.lock`);
  return {
    kind: 'mount',
    id,
    name: describe(described) ?? what,
    bytes: [path, described].reduce((sum, each) => sum + meter.bytes(each), 0),
    usedMs: Math.max(lastUsedMs(`${path}.lock`), lastUsedMs(path)),
    paths: [path, described],
    holds: [],
    garbage: isUnfinished ? 'unfinished' : undefined,
    usedBy: isInUse ? 'a running step' : undefined,
  };
}

/** Files appear there by rename, and steps may read any of them. */
export function isLockless(id: string): boolean {
  return id.startsWith('go-modules/');
}

function isLocked(path: string): boolean {
  using lock = tryLock(path);
  return lock === undefined;
}

function describe(path: string): string | undefined {
  try {
    const identity = parseIdentity(JSON.parse(readFileSync(path, 'utf8')));
    return identity && mountName(identity);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
