import type { ContentId, Inventory, StoreItem } from './store-item.ts';

export interface Released {
  readonly bytes: number;
  readonly released: readonly ContentId[];
  /** Users before what they need. */
  readonly gone: readonly ContentId[];
}

/** Who holds which contents, while items are let go one after another. */
export class HeldContents {
  readonly #contents: Inventory['contents'];
  readonly #holders = new Map<ContentId, number>();
  readonly #claimed = new Set<ContentId>();

  constructor({ items, contents }: Pick<Inventory, 'items' | 'contents'>) {
    this.#contents = contents;
    for (const { holds } of items) for (const id of holds) this.#add(id, 1);
    for (const { needs } of contents.values()) for (const id of needs) this.#add(id, 1);
  }

  /** Items and contents that rely on a content. */
  holders(id: ContentId): number {
    return this.#holders.get(id) ?? 0;
  }

  /** Bytes of the contents that would go with an item: those that it alone holds, and what they alone need. */
  onlyHeldBy(item: StoreItem): number {
    const { bytes, released } = this.release(item);
    for (const id of released) this.#add(id, 1);
    return bytes;
  }

  /** Lets an item go: which contents lost a holder, those that go with it (`gone`), and their bytes. */
  release({ holds }: StoreItem): Released {
    const released: ContentId[] = [];
    const gone: ContentId[] = [];
    let bytes = 0;
    const pending = [...holds];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      released.push(id);
      if (this.#add(id, -1) > 0) continue;
      const content = this.#contents.get(id);
      gone.push(id);
      bytes += content?.bytes ?? 0;
      pending.push(...(content?.needs ?? []));
    }
    return { bytes, released, gone };
  }

  /** Bytes of an item's contents, and of what they need, that nobody claimed before: each counts for one item. */
  claim({ holds }: StoreItem): number {
    let bytes = 0;
    const pending = [...holds];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      const content = this.#contents.get(id);
      if (!content || this.#claimed.has(id)) continue;
      this.#claimed.add(id);
      bytes += content.bytes;
      pending.push(...content.needs);
    }
    return bytes;
  }

  #add(id: ContentId, count: 1 | -1): number {
    const holders = (this.#holders.get(id) ?? 0) + count;
    this.#holders.set(id, holders);
    return holders;
  }
}
