import type { HeldContents } from './held-contents.ts';
import type { ContentId, StoreItem } from './store-item.ts';

export interface EvictionQueueOptions {
  readonly held: HeldContents;
  readonly nowMs: number;
  /** Goes only when nothing else is left. */
  readonly isLast: (item: StoreItem) => boolean;
}

/** What it takes to make a byte again where nobody measured it: about a download. Milliseconds. */
const UNKNOWN_MS_PER_BYTE = 1e-4;
const LEAST_IDLE_MS = 60_000;

/** Compared from the left, the lowest first. */
type Rank = readonly [tier: number, idleClass: number, density: number, usedMs: number];

interface Queued {
  readonly item: StoreItem;
  readonly rank: Rank;
}

/**
 * Items in the order in which a store lets them go: what was not used for longest first, in classes that double (minutes,
 * hours, days); within a class what is cheapest to make again for the bytes it frees. A step whose snapshot others stand on
 * frees nothing by itself: its turn comes when they are gone, else after all that frees something.
 */
export class EvictionQueue {
  readonly #options: EvictionQueueOptions;
  readonly #waiting: Set<StoreItem>;
  readonly #holders = new Map<ContentId, StoreItem[]>();
  /** A binary heap. An item that was ranked anew is in it several times, and counts where it comes first. */
  readonly #heap: Queued[] = [];

  constructor(items: readonly StoreItem[], options: EvictionQueueOptions) {
    this.#options = options;
    this.#waiting = new Set(items);
    for (const item of items) {
      for (const id of item.holds) this.#holders.set(id, [...(this.#holders.get(id) ?? []), item]);
    }
    for (const item of items) this.#push(item);
  }

  /** undefined when nothing is left. `isSmall`: it frees its own few bytes at most, and so does all that follows. */
  next(): { readonly item: StoreItem; readonly isSmall: boolean } | undefined {
    for (let first = this.#pop(); first !== undefined; first = this.#pop()) {
      if (this.#waiting.delete(first.item)) return { item: first.item, isSmall: first.rank[0] > 0 };
    }
    return undefined;
  }

  /** Bytes that are left without the contents that something else holds. */
  ownBytes(): number {
    let bytes = 0;
    for (const item of this.#waiting) bytes += item.bytes;
    return bytes;
  }

  /** Contents lost one of their holders: those that are left may free them now. */
  loosened(contents: Iterable<ContentId>): void {
    for (const id of contents) {
      for (const item of this.#holders.get(id) ?? []) if (this.#waiting.has(item)) this.#push(item);
    }
  }

  #rank(item: StoreItem): Rank {
    const { held, nowMs, isLast } = this.#options;
    const freed = held.onlyHeldBy(item);
    const isBlocked = item.holds.length > 0 && freed === 0 && !this.#isSharedByWaiting(item);
    const idleMs = Math.max(LEAST_IDLE_MS, nowMs - item.usedMs);
    const idleClass = Math.floor(Math.log2(idleMs / LEAST_IDLE_MS));
    const { remakeMs, bytes } = item;
    const density = remakeMs === undefined ? UNKNOWN_MS_PER_BYTE : remakeMs / Math.max(1, bytes + freed);
    return [isLast(item) ? 2 : isBlocked ? 1 : 0, -idleClass, density, item.usedMs];
  }

  /** Only others that may go as well hold it: when all of them are gone, so is the content. */
  #isSharedByWaiting({ holds }: StoreItem): boolean {
    const isWaiting = (item: StoreItem) => this.#waiting.has(item);
    return holds.every((id) => this.#options.held.holders(id) === this.#holders.get(id)?.filter(isWaiting).length);
  }

  #push(item: StoreItem): void {
    const queued = { item, rank: this.#rank(item) };
    let at = this.#heap.push(queued) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (isBefore(this.#heap[parent], queued)) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #pop(): Queued | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last === undefined || last === first) return first;
    this.#heap[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const child = isBefore(this.#heap[left + 1], this.#heap[left]) ? left + 1 : left;
      if (!isBefore(this.#heap[child], last)) return first;
      this.#swap(at, child);
      at = child;
    }
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (!first || !second) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }
}

/** Nothing comes after everything. */
function isBefore(a: Queued | undefined, b: Queued | undefined): boolean {
  if (a === undefined || b === undefined) return a !== undefined;
  for (const [index, rank] of a.rank.entries()) {
    const difference = rank - (b.rank[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
