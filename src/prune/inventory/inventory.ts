/**
 * Reads everything that is in a store, with its size on disk and what relies on what. It decides nothing: plan-eviction.ts
 * does. What surprises: sizes of snapshots are remembered, since a committed snapshot never changes; who asks for the
 * exact size measures all the same.
 */
import { runningContainers } from '../../container/container-state.ts';
import type { Store } from '../../distribution/store.ts';
import type { StoreUser } from '../../distribution/store-use.ts';
import type { Content, ContentId, Inventory, StoreItem } from '../store-item.ts';
import { blobContents, leftoverBlobs } from './blobs.ts';
import { buildItems } from './builds.ts';
import { contextItems } from './contexts.ts';
import { DiskMeter } from './disk-meter.ts';
import { imageItems } from './images.ts';
import { mountItems } from './mounts.ts';
import { recordItems } from './records.ts';
import { leftoverSnapshots, snapshotContents } from './snapshots.ts';

export interface InventoryOptions {
  /** Those who work with the store right now; see store-use.ts. */
  readonly users: readonly StoreUser[];
  /** Take remembered sizes of snapshots for granted. */
  readonly useRememberedSizes?: boolean;
}

/** What the readers of the kinds share. */
export interface Reading {
  readonly store: Store;
  readonly meter: DiskMeter;
  readonly users: readonly StoreUser[];
  /** When the first of the users began, or never: what was used or made since then may be in use. */
  readonly usedSinceMs: number;
  /** Ids of images that run. */
  readonly running: ReadonlyMap<string, string>;
}

/** Walks every file of the store: about a second for 100,000. */
export async function readInventory(store: Store, options: InventoryOptions): Promise<Inventory> {
  const { users } = options;
  const reading: Reading = {
    store,
    meter: new DiskMeter(),
    users,
    usedSinceMs: Math.min(Number.POSITIVE_INFINITY, ...users.map(({ startedMs }) => startedMs)),
    running: new Map(runningContainers(store.root).map(({ image, name }) => [image, name])),
  };
  const contents = new Map<ContentId, Content>([
    ...(await snapshotContents(reading, options)),
    ...blobContents(reading),
  ]);
  const own = [
    ...imageItems(reading),
    ...recordItems(reading),
    ...mountItems(reading),
    ...buildItems(reading),
    ...contextItems(reading),
  ].map((item) => ({ ...item, holds: item.holds.filter((id) => contents.has(id)) }));
  const unheld = unheldContents(own, contents);
  const items = [...own, ...leftoverSnapshots(reading, unheld), ...leftoverBlobs(reading, unheld)];
  const known = [...items, ...contents.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  return { items, contents, totalBytes: known + reading.meter.bytes(store.root) };
}

/** Contents that neither an item nor another content needs. */
function unheldContents(
  items: readonly StoreItem[],
  contents: ReadonlyMap<ContentId, Content>,
): ReadonlySet<ContentId> {
  const held = new Set<ContentId>(items.flatMap(({ holds }) => holds));
  for (const { needs } of contents.values()) for (const id of needs) held.add(id);
  return new Set([...contents.keys()].filter((id) => !held.has(id)));
}
