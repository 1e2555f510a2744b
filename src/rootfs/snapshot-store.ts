/**
 * The store's `snapshots/` on disk, for every snapshotter: one folder a snapshot with its difference (`fs/`), its
 * record (`snapshot.json`), and what is derived from it. It knows folders and records, not how a difference comes about.
 * What surprises: names that start with a dot are not snapshots but work under way (`.active-…`, whose lock its living
 * owner holds) or being thrown away (`.removed-…`); and a difference may be shared by snapshots on several parents.
 */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../diagnostics/known-error.ts';
import { acquireLock, type HeldLock, tryLock } from '../system/lock.ts';
import { writeFileAtomic } from '../system/write-file-atomic.ts';
import type { OwnerTable } from './owner-table.ts';
import { writeOwnerTable } from './owner-table-file.ts';
import { removeTree } from './remove-tree.ts';
import type { Snapshot } from './snapshot.ts';

/** A snapshot's record. */
interface SnapshotRecord {
  readonly parent?: string;
  /** The snapshot whose folder holds the difference, when it is not this one. */
  readonly diff?: string;
  readonly hasOwners?: boolean;
}

/** A folder that is being filled and will become a snapshot. */
export interface WorkFolder {
  readonly dir: string;
  readonly lock: HeldLock;
}

const RECORD = 'snapshot.json';
const OWNERS = 'owners.json';
/** Names of the snapshots that share a folder's difference. */
const SHARED_BY = 'shared-by';
const SAFE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
/** A folder that is this old and not yet locked lost its maker between two system calls. */
const ABANDONED_AFTER_MS = 60_000;

export class SnapshotStore {
  readonly #dir: string;
  /** Committed snapshots do not change, so each is read once; whether it is still there is asked every time. */
  readonly #known = new Map<string, Snapshot>();
  #cleaned = false;

  /** `dir` is the store's `snapshots/`; it is made when something is prepared. */
  constructor(dir: string) {
    this.#dir = dir;
  }

  get(id: string): Snapshot | undefined {
    const known = this.#known.get(id);
    if (known) {
      if (existsSync(this.#path(id, RECORD))) return known;
      this.#known.delete(id);
      return undefined;
    }
    const chain: { id: string; record: SnapshotRecord }[] = [];
    for (let next: string | undefined = id; next !== undefined; ) {
      const record = this.#readRecord(next);
      if (!record) return undefined;
      chain.push({ id: next, record });
      next = record.parent;
    }
    return chain.reduceRight<Snapshot | undefined>(
      (parent, link) => this.#remember(link.id, link.record, parent),
      undefined,
    );
  }

  list(): string[] {
    return readNames(this.#dir).filter((name) => SAFE_ID.test(name) && existsSync(this.#path(name, RECORD)));
  }

  /** A new folder with an empty `fs/` (like the parent's root), locked until its work is committed or discarded. */
  create(parent: Snapshot | undefined): WorkFolder {
    this.#makeDir();
    this.removeAbandoned();
    const name = randomBytes(8).toString('hex');
    const fresh = join(this.#dir, `.new-${name}`);
    makeRoot(join(fresh, 'fs'), parent);
    const lock = tryLock(join(fresh, 'lock'));
    if (!lock) throw new Error(`${fresh} is locked already`);
    // Renamed when it is locked, so that nobody takes it for a leftover in between.
    const dir = join(this.#dir, `.active-${name}`);
    renameSync(fresh, dir);
    return { dir, lock };
  }

  /** Makes a folder a snapshot, atomically; when one of this id is there already, that one wins. */
  commit(work: WorkFolder, parent: Snapshot | undefined, owners: OwnerTable, id = newId()): Snapshot {
    if (!SAFE_ID.test(id)) throw new Error(`bad snapshot id ${JSON.stringify(id)}`);
    if (owners.size > 0) writeOwnerTable(join(work.dir, OWNERS), owners);
    this.#writeRecord(work.dir, { ...(parent && { parent: parent.id }), ...(owners.size > 0 && { hasOwners: true }) });
    if (!this.#publish(work.dir, id)) this.discard(work);
    else unlinkSync(this.#path(id, 'lock'));
    work.lock[Symbol.dispose]();
    const snapshot = this.get(id);
    if (!snapshot) throw new Error(`snapshot ${id} or a parent of it was removed while it was committed`);
    return snapshot;
  }

  discard(work: WorkFolder): void {
    this.#throwAway(work.dir);
    work.lock[Symbol.dispose]();
  }

  /** A new snapshot with the same difference (the same folder) on another parent. */
  async rebase(snapshot: Snapshot, parent: Snapshot | undefined): Promise<Snapshot> {
    await using _lock = await this.#lockShares();
    const diff = this.#readRecord(snapshot.id)?.diff ?? snapshot.id;
    const id = newId();
    mkdirSync(this.#path(diff, SHARED_BY), { recursive: true });
    writeFileSync(this.#path(diff, SHARED_BY, id), '');
    const fresh = join(this.#dir, `.new-${id}`);
    mkdirSync(fresh);
    this.#writeRecord(fresh, { diff, ...(parent && { parent: parent.id }) });
    renameSync(fresh, this.#path(id));
    const rebased = this.get(id);
    if (!rebased) throw new Error(`snapshot ${snapshot.id} was removed while it was rebased`);
    return rebased;
  }

  async remove(id: string): Promise<number> {
    if (!SAFE_ID.test(id)) return 0;
    await using _lock = await this.#lockShares();
    this.#known.delete(id);
    const record = this.#readRecord(id);
    if (readNames(this.#path(id, SHARED_BY)).length > 0) {
      rmSync(this.#path(id, RECORD), { force: true });
      return 0;
    }
    const freed = this.#throwAway(this.#path(id));
    return freed + (record?.diff === undefined ? 0 : this.#unshare(record.diff, id));
  }

  /** The last sharer's end is the difference's end, when its first owner was removed before. */
  #unshare(diff: string, id: string): number {
    const marker = this.#path(diff, SHARED_BY, id);
    if (existsSync(marker)) unlinkSync(marker);
    const needed = existsSync(this.#path(diff, RECORD)) || readNames(this.#path(diff, SHARED_BY)).length > 0;
    return needed ? 0 : this.#throwAway(this.#path(diff));
  }

  #lockShares(): Promise<HeldLock> {
    this.#makeDir();
    return acquireLock(join(this.#dir, '.lock'));
  }

  /** Images hold setuid programs and devices, which nobody else on this machine may reach. */
  #makeDir(): void {
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
  }

  #remember(id: string, record: SnapshotRecord, parent: Snapshot | undefined): Snapshot {
    const known = this.#known.get(id);
    if (known) return known;
    const folder = record.diff ?? id;
    const origin = record.diff === undefined ? undefined : this.get(record.diff);
    const hasOwners = record.hasOwners || existsSync(this.#path(folder, OWNERS));
    const snapshot: Snapshot = {
      id,
      parent,
      diffDir: this.#path(folder, 'fs'),
      ownerTable: hasOwners ? this.#path(folder, OWNERS) : undefined,
      ...(origin && { origin }),
    };
    this.#known.set(id, snapshot);
    return snapshot;
  }

  #publish(dir: string, id: string): boolean {
    if (this.#isDamaged(id)) this.#throwAway(this.#path(id));
    try {
      renameSync(dir, this.#path(id));
      return true;
    } catch (error) {
      if (['ENOTEMPTY', 'EEXIST'].includes(systemErrorCode(error) ?? '')) return false;
      throw error;
    }
  }

  /** Gone for every reader at once, and from the disk as fast as that goes. */
  #throwAway(dir: string): number {
    const removed = join(this.#dir, `.removed-${randomBytes(8).toString('hex')}`);
    return (
      ignoreAbsent(() => {
        renameSync(dir, removed);
        return removeTree(removed);
      }) ?? 0
    );
  }

  /** Removes what killed processes left behind: folders whose lock nobody holds. Once a process; lists one folder. */
  removeAbandoned(): void {
    if (this.#cleaned) return;
    this.#cleaned = true;
    for (const name of readNames(this.#dir).filter((each) => /^\.(new|active|removed)-/.test(each))) {
      const dir = join(this.#dir, name);
      if (name.startsWith('.active-') ? isLocked(join(dir, 'lock')) : isYoung(dir)) continue;
      ignoreAbsent(() => removeTree(dir));
    }
  }

  /** undefined also for one that was damaged: then there is no such snapshot, and it can be made anew. */
  #readRecord(id: string): SnapshotRecord | undefined {
    if (!SAFE_ID.test(id)) return undefined;
    try {
      return ignoreAbsent(() => JSON.parse(readFileSync(this.#path(id, RECORD), 'utf8')));
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /** A folder that is in the way of its own snapshot and that no other one needs. */
  #isDamaged(id: string): boolean {
    const hasRecord = existsSync(this.#path(id, RECORD));
    return hasRecord && !this.#readRecord(id) && readNames(this.#path(id, SHARED_BY)).length === 0;
  }

  #writeRecord(dir: string, record: SnapshotRecord): void {
    // Waiting for the disk would put it there before the files it vouches for; one that a power cut empties is no snapshot.
    writeFileAtomic(join(dir, RECORD), JSON.stringify(record), { durable: false });
  }

  #path(id: string, ...names: string[]): string {
    return join(this.#dir, id, ...names);
  }
}

/** The root directory is in no layer, so it looks like the parent's. */
function makeRoot(path: string, parent: Snapshot | undefined): void {
  mkdirSync(path, { recursive: true });
  const like = parent && statSync(parent.diffDir);
  if (like && (like.uid !== process.geteuid?.() || like.gid !== process.getegid?.()))
    chownSync(path, like.uid, like.gid);
  chmodSync(path, like ? like.mode & 0o7777 : 0o755);
}

/** Short, since a mount's list of lower directories must fit into a page. */
function newId(): string {
  return randomBytes(8).toString('hex');
}

/** Also true when its owner committed or discarded it just now. */
function isLocked(path: string): boolean {
  return (
    ignoreAbsent(() => {
      using lock = tryLock(path);
      return lock === undefined;
    }) !== false
  );
}

function isYoung(dir: string): boolean {
  const stat = statSync(dir, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.ctimeMs < ABANDONED_AFTER_MS;
}

function readNames(dir: string): string[] {
  return ignoreAbsent(() => readdirSync(dir)) ?? [];
}

/** Others work in the same store: what was there a moment ago may be gone. */
function ignoreAbsent<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
