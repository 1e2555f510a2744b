import type { HeldReason } from '../../prune/plan-eviction.ts';
import type { PrunedItem, PruneResult } from '../../prune/prune.ts';
import { formatAge } from './age.ts';
import { clip } from './clip.ts';
import { formatDuration } from './duration.ts';
import { formatSize } from './size.ts';
import { renderTable } from './table.ts';

export const NAME_WIDTH = 60;

/** Words that follow the thing: `2 images without a name`. */
const REASONS: Readonly<Record<PrunedItem['reason'], string>> = {
  unreferenced: 'that nothing refers to',
  unfinished: 'that were never finished',
  unnamed: 'without a name',
  asked: 'as asked',
  unused: 'not used since the given time',
  ceiling: 'to make room, long unused or cheap to make again',
};

const NOUNS: Readonly<Record<PrunedItem['kind'], readonly [one: string, many: string]>> = {
  image: ['image', 'images'],
  record: ['step of the build cache', 'steps of the build cache'],
  snapshot: ['snapshot', 'snapshots'],
  blob: ['blob', 'blobs'],
  mount: ['cache mount', 'cache mounts'],
  build: ["build's record", "builds' records"],
  context: ['memory of files', 'memories of files'],
};

const HELD: Readonly<Record<HeldReason, string>> = {
  named: 'images with a name ("slipway rmi", or prune --all --kind images)',
  'in-use': 'in use by running builds and containers',
  'kept-since': 'used since the time that --keep-since or until= gives',
  'not-asked': 'of kinds and names that were not asked for',
  small: 'small things that would not be enough',
  index: 'indexes and locks of the store',
};

/** A line a reason, and docker's last line. */
export function pruneSummary({ items, bytes }: PruneResult, { dryRun }: { readonly dryRun: boolean }): string {
  const byReason = new Map<string, PrunedItem[]>();
  for (const item of items) {
    const key = `${item.kind} ${item.reason}`;
    byReason.set(key, [...(byReason.get(key) ?? []), item]);
  }
  const verb = dryRun ? 'would remove' : 'removed';
  const lines = [...byReason.values()].map((group) => `${verb} ${groupText(group)}\n`);
  return `${lines.join('')}Total ${dryRun ? 'reclaimable' : 'reclaimed'} space: ${formatSize(bytes)}\n`;
}

function groupText(group: readonly PrunedItem[]): string {
  const [first] = group;
  if (!first) return '';
  const [one, many] = NOUNS[first.kind];
  const freed = group.reduce((sum, { bytes }) => sum + bytes, 0);
  return `${group.length} ${group.length === 1 ? one : many} ${REASONS[first.reason]}${freed === 0 ? '' : `  ${formatSize(freed)}`}`;
}

/** A line a thing, in the order in which they went. */
export function pruneTable({ items }: PruneResult, nowMs: number): string {
  return renderTable(
    ['KIND', 'ID', 'NAME', 'SIZE', 'LAST USED', 'TOOK', 'WHY'],
    items.map(({ kind, id, name, bytes, usedMs, remakeMs, reason }) => [
      kind,
      shortItemId(id),
      name === id ? '' : clip(name, NAME_WIDTH),
      formatSize(bytes),
      usedMs === 0 ? '' : `${formatAge(Math.max(0, nowMs - usedMs))} ago`,
      remakeMs === undefined ? '' : formatDuration(remakeMs),
      REASONS[reason],
    ]),
  );
}

/** As people read it; the whole one is in JSON. */
export function shortItemId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 24);
}

/** One object; times are RFC 3339. */
export function pruneJson(result: PruneResult): string {
  const items = result.items.map(({ usedMs, ...item }) => ({ ...item, used: new Date(usedMs).toISOString() }));
  return `${JSON.stringify({ ...result, items, ...(isOverCeiling(result) ? { overBytes: overBytes(result) } : {}) })}\n`;
}

export function isOverCeiling(result: PruneResult): boolean {
  return result.ceilingBytes !== undefined && overBytes(result) > 0;
}

function overBytes({ remainingBytes, ceilingBytes = 0 }: PruneResult): number {
  return remainingBytes - ceilingBytes;
}

/** By how much a store is still too large, and what keeps it so. */
export function shortfall(result: PruneResult): string {
  const { remainingBytes, ceilingBytes = 0, held } = result;
  const lines = held.map(({ why, bytes }) => `  ${formatSize(bytes).padStart(7)}  ${HELD[why]}\n`);
  return `The store has ${formatSize(remainingBytes)}, ${formatSize(overBytes(result))} more than ${formatSize(ceilingBytes)}. What stays:\n${lines.join('')}`;
}
