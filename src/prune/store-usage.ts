import type { Store } from '../distribution/store.ts';
import { storeUsers } from '../distribution/store-use.ts';
import { HeldContents } from './held-contents.ts';
import { readInventory } from './inventory/inventory.ts';
import { ITEM_KINDS, type ItemKind, type StoreItem } from './store-item.ts';

export interface ItemUsage {
  readonly kind: ItemKind;
  readonly id: string;
  /** A step's instruction, an image's names; may be empty. */
  readonly name: string;
  /** On disk. Content that several things rely on counts for one of them: for an image before a step. */
  readonly bytes: number;
  /** False: prune lets go of it only when it is told to by name, or when somebody has done with it. */
  readonly isReclaimable: boolean;
  /** Who works with it right now. */
  readonly usedBy?: string | undefined;
  readonly usedMs: number;
  /** What it took to make it, where that is known. */
  readonly remakeMs?: number | undefined;
}

export interface KindUsage {
  readonly kind: ItemKind;
  readonly count: number;
  /** In use, or kept by a name. */
  readonly active: number;
  readonly bytes: number;
  readonly reclaimableBytes: number;
  /** Of what was not used for longest; undefined when there is nothing. */
  readonly oldestUseMs?: number | undefined;
}

export interface StoreUsage {
  /** In the order of ITEM_KINDS; those that were asked for. */
  readonly kinds: readonly KindUsage[];
  /** By kind, then the longest unused first. */
  readonly items: readonly ItemUsage[];
  /** Indexes, locks and the like. */
  readonly otherBytes: number;
  /** Everything below the store's folder, as du(1) counts it. */
  readonly totalBytes: number;
}

/** Walks every file of the store: about a second for 100,000. */
export async function storeUsage(
  store: Store,
  matches: (item: ItemUsage) => boolean = () => true,
): Promise<StoreUsage> {
  const inventory = await readInventory(store, { users: storeUsers(store.root) });
  const held = new HeldContents(inventory);
  const all = inPriority(inventory.items).map((item) => itemUsage(item, held));
  const items = all.filter(matches).sort(byKindAndUse);
  const known = all.reduce((sum, { bytes }) => sum + bytes, 0);
  const kinds = ITEM_KINDS.map((kind) =>
    kindUsage(
      kind,
      items.filter((item) => item.kind === kind),
    ),
  );
  const { totalBytes } = inventory;
  return { kinds, items, otherBytes: totalBytes - known, totalBytes };
}

/** What stays longest first: content that it shares with others is its own. */
function inPriority(items: readonly StoreItem[]): StoreItem[] {
  const priority = (item: StoreItem) => (isReclaimable(item) ? ITEM_KINDS.length : 0) + ITEM_KINDS.indexOf(item.kind);
  return [...items].sort((a, b) => priority(a) - priority(b) || b.usedMs - a.usedMs);
}

function itemUsage(item: StoreItem, held: HeldContents): ItemUsage {
  const { kind, id, name, usedBy, usedMs, remakeMs } = item;
  const bytes = item.bytes + held.claim(item);
  return { kind, id, name, bytes, isReclaimable: isReclaimable(item), usedBy, usedMs, remakeMs };
}

function isReclaimable({ kind, usedBy, isUnnamed }: StoreItem): boolean {
  return usedBy === undefined && (kind !== 'image' || isUnnamed === true);
}

function kindUsage(kind: ItemKind, items: readonly ItemUsage[]): KindUsage {
  const [oldest] = items;
  const free = items.filter((item) => item.isReclaimable);
  return {
    kind,
    count: items.length,
    active: items.length - free.length,
    bytes: sumOf(items),
    reclaimableBytes: sumOf(free),
    oldestUseMs: oldest?.usedMs,
  };
}

function sumOf(items: readonly ItemUsage[]): number {
  return items.reduce((sum, { bytes }) => sum + bytes, 0);
}

function byKindAndUse(a: ItemUsage, b: ItemUsage): number {
  return ITEM_KINDS.indexOf(a.kind) - ITEM_KINDS.indexOf(b.kind) || a.usedMs - b.usedMs;
}
