import type { Digest } from '../../image/digest.ts';
import type { Snapshot } from '../../rootfs/snapshot.ts';
import type { CacheKey } from './cache-key.ts';

/** What is remembered of a step that ran. */
export interface CacheRecord {
  readonly key: CacheKey;
  readonly snapshotId: string;
  /** When it ran: the `created` time of its layer in every image that takes it from the cache. Milliseconds. */
  readonly createdMs: number;
  readonly durationMs: number;
  /** Name of the vertex, for people. */
  readonly name: string;
  /** The cache source it was taken from; undefined when it ran here. */
  readonly importedFrom?: string;
}

export interface CacheHit {
  readonly record: CacheRecord;
  readonly snapshot: Snapshot;
}

/** Owns the store's `cache/`. Safe to use from several processes at once. */
export interface CacheStore {
  /** A record whose snapshot is gone is a miss. */
  lookup(key: Digest): Promise<CacheHit | undefined>;
  /** Idempotent; readers see the record whole or not at all. */
  record(record: CacheRecord): Promise<void>;
}
