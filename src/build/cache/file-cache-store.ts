/**
 * The cache of steps as plain files: one JSON record a key under `cache/records/<first two hex>/<hex>.json`, so that a
 * lookup reads one small file however many records there are. It must not know how keys are made.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../diagnostics/known-error.ts';
import { type Digest, digestHex } from '../../image/digest.ts';
import type { Snapshotter } from '../../rootfs/snapshot.ts';
import { acquireLock } from '../../system/lock.ts';
import { noteUse } from '../../system/note-use.ts';
import { writeFileAtomic } from '../../system/write-file-atomic.ts';
import type { CacheHit, CacheRecord, CacheStore } from './cache-store.ts';
import { keyEnvironment, maskKey, textMasker } from './mask-secrets.ts';

export class FileCacheStore implements CacheStore {
  readonly #dir: string;
  readonly #snapshotter: Snapshotter;

  /** `dir` is the store's `cache/`; folders are made when something is recorded. */
  constructor(dir: string, snapshotter: Snapshotter) {
    this.#dir = dir;
    this.#snapshotter = snapshotter;
  }

  async lookup(key: Digest): Promise<CacheHit | undefined> {
    const path = this.#recordPath(key);
    // Said before it is read: a prune either sees that it is in use, or has taken it away.
    noteUse(path);
    const record = readRecord(path);
    const snapshot = record && (await this.#snapshotter.get(record.snapshotId));
    return record && snapshot ? { record, snapshot } : undefined;
  }

  async record(record: CacheRecord): Promise<void> {
    const path = this.#recordPath(record.key.digest);
    mkdirSync(join(path, '..'), { recursive: true });
    // A record lost to a power cut is a miss, so it need not wait for the disk.
    writeFileAtomic(path, JSON.stringify(withoutSecrets(record)), { durable: false });
  }

  /** Held while the step of a key runs, by one process on the machine. */
  async lock(key: Digest, signal: AbortSignal): Promise<AsyncDisposable> {
    const dir = join(this.#dir, 'locks');
    mkdirSync(dir, { recursive: true });
    // A fixed number of lock files: two keys that share one only wait for each other, and none is ever left over.
    return acquireLock(join(dir, digestHex(key).slice(0, 4)), { signal });
  }

  #recordPath(key: Digest): string {
    const hex = digestHex(key);
    return join(this.#dir, 'records', hex.slice(0, 2), `${hex}.json`);
  }
}

/** Build arguments may be secrets by mistake: what is kept of them is enough to tell that they changed. */
function withoutSecrets(record: CacheRecord): CacheRecord {
  const mask = textMasker(keyEnvironment(record.key));
  return { ...record, key: maskKey(record.key, mask), name: mask(record.name) };
}

/** A record that cannot be read is a miss: the step runs again and writes it anew. */
function readRecord(path: string): CacheRecord | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
