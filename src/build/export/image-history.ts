import type { HistoryEntry } from '../../image/image-config.ts';

/** A history entry whose time is filled in by `fillCreated` when it is not known yet. */
export interface UntimedHistoryEntry extends Omit<HistoryEntry, 'created'> {
  readonly created: string | undefined;
}

/**
 * Gives entries without a layer a time as BuildKit does: that of the entry before, and for those that come before the
 * build's first layer the time of that layer, not of the base. So a build from the cache has the same history.
 */
export function fillCreated(
  base: readonly HistoryEntry[],
  own: readonly UntimedHistoryEntry[],
): readonly HistoryEntry[] {
  let created = own.find((entry) => entry.created !== undefined)?.created ?? base.at(-1)?.created;
  return [
    ...base,
    ...own.map((entry) => {
      created = entry.created ?? created;
      return created === undefined ? withoutCreated(entry) : { ...entry, created };
    }),
  ];
}

function withoutCreated({ created: _, ...entry }: UntimedHistoryEntry): HistoryEntry {
  return entry;
}
