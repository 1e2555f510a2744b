/**
 * Removes what nothing in the store refers to, what the user asked to let go, and as much of the cache as keeps the store
 * under a ceiling. The plan is made by plan-eviction.ts; here it is carried out. What surprises: while builds run, nothing
 * goes that was used or made since they began, and a step that one of them looks up in this very moment stays.
 */
import type { Store } from '../distribution/store.ts';
import { beginSweep, type StoreUser, storeUsers } from '../distribution/store-use.ts';
import { evict } from './evict.ts';
import { readInventory } from './inventory/inventory.ts';
import { type EvictionPlan, type EvictionReason, type EvictionRules, planEviction } from './plan-eviction.ts';
import type { ContentId, Inventory, ItemKind } from './store-item.ts';

export interface PruneOptions extends Omit<EvictionRules, 'nowMs' | 'ceilingBytes'> {
  /** Of the whole store, given what it takes now: as much of the cache goes as that takes, and no more. */
  readonly ceilingBytes?: ((totalBytes: number) => number) | undefined;
  /** Only say what would be removed. */
  readonly dryRun?: boolean;
  /** Measure only what can change; see readInventory. */
  readonly useRememberedSizes?: boolean;
  readonly signal: AbortSignal;
}

export interface PrunedItem {
  readonly kind: ItemKind;
  /** A digest, an id, a folder's name. */
  readonly id: string;
  /** A step's instruction, an image's name; may be empty. */
  readonly name: string;
  readonly reason: EvictionReason;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly usedMs: number;
  /** What it took to make it, where that is known. */
  readonly remakeMs?: number | undefined;
}

export interface PruneResult {
  readonly items: readonly PrunedItem[];
  /** Removed. */
  readonly bytes: number;
  /** Of the whole store afterwards. */
  readonly remainingBytes: number;
  readonly ceilingBytes?: number | undefined;
  /** What remains, by why; the largest first. */
  readonly held: EvictionPlan['held'];
  /** Those whose work kept things from being removed. */
  readonly users: readonly StoreUser[];
}

/** A build may take something up between the look at the store and its removal; then others go in its place. */
const ROUNDS = 3;

/** @throws KnownError STORE_LOCKED when another prune is at work */
export async function prune(store: Store, options: PruneOptions): Promise<PruneResult> {
  if (options.dryRun) return (await pruneOnce(store, options, storeUsers(store.root))).result;
  using sweep = beginSweep(store.root);
  await store.snapshotter.removeAbandoned();
  let { result, isComplete } = await pruneOnce(store, options, sweep.users);
  for (let round = 1; round < ROUNDS && !isComplete; round++) {
    const next = await pruneOnce(store, options, sweep.users);
    const items = [...result.items, ...next.result.items];
    result = { ...next.result, items, bytes: result.bytes + next.result.bytes };
    isComplete = next.isComplete;
  }
  await store.images.refreshIndex();
  return result;
}

interface Round {
  readonly result: PruneResult;
  /** False when something that was to go is in use by now. */
  readonly isComplete: boolean;
}

async function pruneOnce(store: Store, options: PruneOptions, users: readonly StoreUser[]): Promise<Round> {
  const { useRememberedSizes = false, dryRun, signal } = options;
  const inventory = await readInventory(store, { users, useRememberedSizes });
  const ceilingBytes = options.ceilingBytes?.(inventory.totalBytes);
  const plan = planEviction(inventory, { ...options, ceilingBytes, nowMs: Date.now() });
  const items: PrunedItem[] = [];
  const kept = new Set<ContentId>();
  let keptBytes = 0;
  for (const eviction of plan.evictions) {
    signal.throwIfAborted();
    if (dryRun || (await evict(store, eviction, { users, kept }))) {
      items.push(prunedItem(eviction));
      continue;
    }
    keptBytes += eviction.bytes;
    addNeeded(kept, eviction.item.holds, inventory);
  }
  const result = {
    items,
    bytes: items.reduce((sum, { bytes }) => sum + bytes, 0),
    remainingBytes: plan.remainingBytes + keptBytes,
    ceilingBytes,
    held: plan.held,
    users,
  };
  return { result, isComplete: keptBytes === 0 };
}

/** Others may have been about to go with what came after it. */
function addNeeded(kept: Set<ContentId>, contents: readonly ContentId[], inventory: Inventory): void {
  for (const id of contents) {
    if (kept.has(id)) continue;
    kept.add(id);
    addNeeded(kept, inventory.contents.get(id)?.needs ?? [], inventory);
  }
}

function prunedItem({ item, reason, bytes }: EvictionPlan['evictions'][number]): PrunedItem {
  const { kind, id, name, usedMs, remakeMs } = item;
  return { kind, id, name, reason, bytes, usedMs, remakeMs };
}
