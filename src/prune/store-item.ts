/** What prune and `du` tell apart. */
export const ITEM_KINDS = ['image', 'record', 'snapshot', 'blob', 'mount', 'build', 'context'] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** A snapshot's folder or a blob: content that several items may rely on. `snapshots/<id>` or `blobs/<digest>`. */
export type ContentId = `snapshots/${string}` | `blobs/${string}`;

export interface Content {
  /** On disk, of its own files. */
  readonly bytes: number;
  /** What cannot be used any more without it stays as long as it does. */
  readonly needs: readonly ContentId[];
}

/** Something in the store that can be let go by itself. Plain data. */
export interface StoreItem {
  readonly kind: ItemKind;
  /** Unique within its kind: a digest, an id, a folder's name. */
  readonly id: string;
  /** For people: a step's instruction, an image's name. */
  readonly name: string;
  /** On disk, of its own files, without what it holds. */
  readonly bytes: number;
  /** When it was last used, as far as is known. Milliseconds. */
  readonly usedMs: number;
  /** What it took to make it; undefined when nobody measured. Milliseconds. */
  readonly remakeMs?: number | undefined;
  /** Absolute paths of what is removed with it. */
  readonly paths: readonly string[];
  readonly holds: readonly ContentId[];
  /** Nothing refers to it, and nothing is lost with it. */
  readonly garbage?: 'unreferenced' | 'unfinished' | undefined;
  /** An image that no name stands for. */
  readonly isUnnamed?: boolean | undefined;
  /** Who works with it right now: it stays. */
  readonly usedBy?: string | undefined;
}

/** Everything in a store, as it was when somebody looked. */
export interface Inventory {
  readonly items: readonly StoreItem[];
  readonly contents: ReadonlyMap<ContentId, Content>;
  /** On disk, of everything below the store's folder: items, contents, and what belongs to neither (indexes, locks). */
  readonly totalBytes: number;
}
