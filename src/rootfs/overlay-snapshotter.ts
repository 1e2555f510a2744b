import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { diffDirs } from './diff-dirs.ts';
import { inheritOwners } from './inherit-owners.ts';
import type { OwnerTable } from './owner-table.ts';
import { removeTree } from './remove-tree.ts';
import type { ActiveSnapshot, RootMount, Snapshot, Snapshotter } from './snapshot.ts';
import { SnapshotStore, type WorkFolder } from './snapshot-store.ts';

/** Snapshots that a RUN step sees through overlayfs: preparing and committing cost nothing, however large the root is. */
export class OverlaySnapshotter implements Snapshotter {
  readonly #store: SnapshotStore;

  /** `dir` is the store's `snapshots/`. */
  constructor(dir: string) {
    this.#store = new SnapshotStore(dir);
  }

  async get(id: string): Promise<Snapshot | undefined> {
    return this.#store.get(id);
  }

  async prepare(parent: Snapshot | undefined, id?: string): Promise<ActiveSnapshot> {
    return new ActiveOverlay(this.#store, parent, id);
  }

  rebase(snapshot: Snapshot, parent: Snapshot | undefined): Promise<Snapshot> {
    return this.#store.rebase(snapshot, parent);
  }

  async removeAbandoned(): Promise<void> {
    this.#store.removeAbandoned();
  }

  async list(): Promise<readonly string[]> {
    return this.#store.list();
  }

  remove(id: string): Promise<number> {
    return this.#store.remove(id);
  }
}

class ActiveOverlay implements ActiveSnapshot {
  readonly parent: Snapshot | undefined;
  readonly diffDir: string;
  readonly owners: OwnerTable = new Map();
  readonly #store: SnapshotStore;
  readonly #work: WorkFolder;
  readonly #workDir: string;
  readonly #id: string | undefined;
  #isMounted = false;
  #state: 'active' | 'committed' | 'discarded' = 'active';

  constructor(store: SnapshotStore, parent: Snapshot | undefined, id: string | undefined) {
    this.parent = parent;
    this.#store = store;
    this.#id = id;
    this.#work = store.create(parent);
    this.diffDir = join(this.#work.dir, 'fs');
    this.#workDir = join(this.#work.dir, 'work');
  }

  get rootMount(): RootMount {
    mkdirSync(this.#workDir, { recursive: true });
    this.#isMounted = true;
    return { kind: 'overlay', lowerDirs: diffDirs(this.parent), upperDir: this.diffDir, workDir: this.#workDir };
  }

  async commit(): Promise<Snapshot> {
    if (this.#state !== 'active') throw new Error(`commit of a ${this.#state} snapshot`);
    if (this.#isMounted) {
      removeTree(this.#workDir);
      inheritOwners(this);
    }
    this.#state = 'committed';
    return this.#store.commit(this.#work, this.parent, this.owners, this.#id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state !== 'active') return;
    this.#state = 'discarded';
    this.#store.discard(this.#work);
  }
}
