/**
 * Which things of a store to let go, in which order, and why. Pure: an inventory in, a plan out. What surprises: letting go
 * of a step frees its snapshot only when nothing else stands on it, so a chain of steps goes from its end; and a snapshot
 * that an image needs stays however old its step is.
 */
import { EvictionQueue } from './eviction-queue.ts';
import { HeldContents } from './held-contents.ts';
import type { ContentId, Inventory, ItemKind, StoreItem } from './store-item.ts';

export interface EvictionRules {
  /** undefined: every kind. Named kinds go as a whole where there is no ceiling. */
  readonly kinds?: readonly ItemKind[] | undefined;
  /** The build cache, not only what nothing needs. */
  readonly cache: boolean;
  /** Images that have a name, too; containers keep theirs. */
  readonly namedImages: boolean;
  /** Images without a name, whether or not the store is too large. */
  readonly unnamedImages: boolean;
  /** What was used after it stays. Milliseconds. */
  readonly keepSinceMs?: number | undefined;
  /** Only these. */
  readonly matches?: ((item: StoreItem) => boolean) | undefined;
  /** Bytes that the whole store may have: as much of the cache goes as that takes, and no more. */
  readonly ceilingBytes?: number | undefined;
  readonly nowMs: number;
}

export type EvictionReason =
  /** Nothing refers to it. */
  | 'unreferenced'
  /** A killed command left it. */
  | 'unfinished'
  /** An image without a name. */
  | 'unnamed'
  /** It was asked for: --all, --kind. */
  | 'asked'
  /** It was not used since --keep-since. */
  | 'unused'
  /** The store was over the ceiling, and this was the next to go. */
  | 'ceiling';

export interface Eviction {
  readonly item: StoreItem;
  readonly reason: EvictionReason;
  /** Those that only it still held; users before what they need. */
  readonly contents: readonly ContentId[];
  /** With its contents. */
  readonly bytes: number;
}

/** Why something stays that would have to go. */
export type HeldReason = 'named' | 'in-use' | 'kept-since' | 'not-asked' | 'small' | 'index';

export interface EvictionPlan {
  readonly evictions: readonly Eviction[];
  /** Of the whole store, when it is carried out. */
  readonly remainingBytes: number;
  /** What remains, by why it does; the largest first. */
  readonly held: readonly { readonly why: HeldReason; readonly bytes: number }[];
}

/** Explains builds: the last to go, since it frees little. */
const LAST_KINDS: readonly ItemKind[] = ['build', 'context'];

export function planEviction(inventory: Inventory, rules: EvictionRules): EvictionPlan {
  const held = new HeldContents(inventory);
  const evictions: Eviction[] = [];
  let remainingBytes = inventory.totalBytes;
  const evict = (item: StoreItem, reason: EvictionReason) => {
    const { bytes, released, gone } = held.release(item);
    remainingBytes -= item.bytes + bytes;
    evictions.push({ item, reason, bytes: item.bytes + bytes, contents: gone });
    return released;
  };
  const candidates: StoreItem[] = [];
  for (const item of inventory.items) {
    const reason = obstacle(item, rules) === undefined ? reasonAtOnce(item, rules) : undefined;
    if (reason) evict(item, reason);
    else if (obstacle(item, rules) === undefined && rules.ceilingBytes !== undefined) candidates.push(item);
  }
  const queue = new EvictionQueue(candidates, {
    held,
    nowMs: rules.nowMs,
    isLast: ({ kind }) => LAST_KINDS.includes(kind),
  });
  const ceilingBytes = rules.ceilingBytes ?? 0;
  let isEnough: boolean | undefined;
  while (remainingBytes > ceilingBytes) {
    const next = queue.next();
    if (!next) break;
    // Steps whose files an image keeps, and what explains builds, are not lost for nothing.
    if (next.isSmall) isEnough ??= remainingBytes - next.item.bytes - queue.ownBytes() <= ceilingBytes;
    if (isEnough === false) break;
    queue.loosened(evict(next.item, 'ceiling'));
  }
  const evicted = new Set(evictions.map(({ item }) => item));
  const staying = inventory.items.filter((item) => !evicted.has(item));
  return { evictions, remainingBytes, held: heldBytes(staying, { rules, held, remainingBytes }) };
}

/** What keeps an item whatever the size of the store. */
function obstacle(item: StoreItem, { kinds, keepSinceMs, matches, ...rules }: EvictionRules): HeldReason | undefined {
  if (item.usedBy !== undefined) return 'in-use';
  if (kinds && !kinds.includes(item.kind)) return 'not-asked';
  if (matches && !matches(item)) return 'not-asked';
  if (item.garbage) return undefined;
  if (item.kind === 'image' && !item.isUnnamed && !rules.namedImages) return 'named';
  if (keepSinceMs !== undefined && item.usedMs >= keepSinceMs) return 'kept-since';
  return undefined;
}

/** Why an item that may go does so whatever the size of the store. */
function reasonAtOnce(item: StoreItem, rules: EvictionRules): EvictionReason | undefined {
  if (item.garbage) return item.garbage;
  if (item.kind === 'image' && item.isUnnamed && rules.unnamedImages) return 'unnamed';
  if (rules.ceilingBytes !== undefined) return undefined;
  if (rules.kinds?.includes(item.kind)) return rules.keepSinceMs === undefined ? 'asked' : 'unused';
  if (item.kind === 'image' || item.kind === 'build') return undefined;
  if (rules.cache) return rules.keepSinceMs === undefined ? 'asked' : 'unused';
  return undefined;
}

interface Remains {
  readonly rules: EvictionRules;
  readonly held: HeldContents;
  readonly remainingBytes: number;
}

function heldBytes(staying: readonly StoreItem[], { rules, held, remainingBytes }: Remains): EvictionPlan['held'] {
  const sums = new Map<HeldReason, number>();
  const add = (why: HeldReason, bytes: number) => sums.set(why, (sums.get(why) ?? 0) + bytes);
  let known = 0;
  // Contents that several items hold count for the reason that is hardest to remove.
  for (const why of ['in-use', 'named', 'kept-since', 'not-asked', 'small'] as const) {
    for (const item of staying) {
      if ((obstacle(item, rules) ?? 'small') !== why) continue;
      const bytes = item.bytes + held.claim(item);
      known += bytes;
      add(why, bytes);
    }
  }
  add('index', remainingBytes - known);
  return [...sums]
    .map(([why, bytes]) => ({ why, bytes }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes);
}
