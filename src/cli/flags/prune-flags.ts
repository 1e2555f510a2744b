import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import type { PruneOptions } from '../../prune/prune.ts';
import { ITEM_KINDS, type ItemKind, type StoreItem } from '../../prune/store-item.ts';
import { type Filter, parseFilters, parseSince } from './filter-flag.ts';
import { oneOf } from './one-of.ts';
import { parseSizeFlag } from './value-flag.ts';

/** What `prune` is told, as commander hands it over. */
export interface PruneFlags {
  readonly all?: boolean;
  readonly kind: readonly string[];
  readonly filter: readonly string[];
  readonly keepSince?: string;
  readonly maxSize?: string;
  /** buildx's names of --max-size. */
  readonly maxUsedSpace?: string;
  readonly keepStorage?: string;
  readonly reservedSpace?: string;
  readonly minFreeSpace?: string;
}

/** Plural, as people write them. */
export function kindName(kind: ItemKind): string {
  return `${kind}s`;
}

export const KIND_NAMES = ITEM_KINDS.map(kindName);

/** `images`, `image`, several by commas. @throws KnownError USAGE */
export function parseKinds(flag: string, values: readonly string[]): readonly ItemKind[] | undefined {
  if (values.length === 0) return undefined;
  const names = values.flatMap((value) => value.split(',')).map((name) => name.trim());
  return names.map((name) => {
    const known = oneOf(flag, /s$/.test(name) ? name : `${name}s`, KIND_NAMES);
    return known.slice(0, -1) as ItemKind;
  });
}

/** What the flags ask for. `root` is the store's folder. @throws KnownError USAGE */
export function toPruneOptions(flags: PruneFlags, root: string, nowMs: number): Omit<PruneOptions, 'signal'> {
  const filters = parseFilters(flags.filter, ['until', 'id', 'name', 'kind', 'type']);
  const kinds = [
    ...flags.kind,
    ...filters.filter(({ name }) => name === 'kind' || name === 'type').map(({ value }) => value),
  ];
  const [until] = filters.filter(({ name }) => name === 'until');
  const keepSinceMs =
    flags.keepSince === undefined
      ? until && parseSince('--filter until', until.value, nowMs)
      : parseSince('--keep-since', flags.keepSince, nowMs);
  const named = parseKinds('--kind', kinds);
  const all = flags.all ?? false;
  return {
    kinds: named,
    cache: all || keepSinceMs !== undefined,
    namedImages: all && named !== undefined,
    unnamedImages: true,
    keepSinceMs,
    matches: itemFilter(filters),
    ceilingBytes: ceiling(flags, root),
  };
}

/** Filters that tell things apart; undefined when there are none. */
export function itemFilter(
  filters: readonly Filter[],
): ((item: Pick<StoreItem, 'id' | 'name'>) => boolean) | undefined {
  const own = filters.filter(({ name }) => name === 'id' || name === 'name');
  if (own.length === 0) return undefined;
  return (item) =>
    own.every(({ name, value }) => {
      if (name === 'name') return item.name.includes(value);
      return item.id.startsWith(value) || item.id.startsWith(`sha256:${value}`);
    });
}

/**
 * As buildx reckons: no more than --max-size, and less where the disk would have less than --min-free-space; but never less
 * than --reserved-space.
 */
function ceiling(flags: PruneFlags, root: string): PruneOptions['ceilingBytes'] {
  const size = (flag: string, value: string | undefined) =>
    value === undefined ? undefined : parseSizeFlag(flag, value);
  const max =
    size('--max-used-space', flags.maxUsedSpace) ??
    size('--keep-storage', flags.keepStorage) ??
    size('--max-size', flags.maxSize);
  const minFree = size('--min-free-space', flags.minFreeSpace);
  const reserved = size('--reserved-space', flags.reservedSpace);
  if (max === undefined && minFree === undefined && reserved === undefined) return undefined;
  return (totalBytes) => {
    const missing = minFree === undefined ? undefined : Math.max(0, minFree - freeBytes(root));
    const wanted = Math.min(
      max ?? Number.POSITIVE_INFINITY,
      missing === undefined ? Number.POSITIVE_INFINITY : totalBytes - missing,
    );
    return Math.max(reserved ?? 0, wanted === Number.POSITIVE_INFINITY ? 0 : wanted);
  };
}

/** On the disk that has the store, or will have it. */
function freeBytes(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' && dirname(path) !== path) return freeBytes(dirname(path));
    throw error;
  }
}
