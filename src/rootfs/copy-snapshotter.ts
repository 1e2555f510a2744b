import { type BigIntStats, lstatSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DiffWriter } from './diff-writer.ts';
import { inheritOwners } from './inherit-owners.ts';
import { fileEntry, type LayeredView, viewOfActive } from './layered-view.ts';
import { materialize } from './materialize.ts';
import type { OwnerTable } from './owner-table.ts';
import { removeTree } from './remove-tree.ts';
import type { ActiveSnapshot, RootMount, Snapshot, Snapshotter } from './snapshot.ts';
import { SnapshotStore, type WorkFolder } from './snapshot-store.ts';

/**
 * Snapshots for where nothing can be mounted: a RUN step gets a copy of the whole root (sharing blocks where the
 * filesystem can), and what it changed is found afterwards. Snapshots have the same form as those of overlayfs.
 */
export class CopySnapshotter implements Snapshotter {
  readonly #store: SnapshotStore;

  /** `dir` is the store's `snapshots/`. */
  constructor(dir: string) {
    this.#store = new SnapshotStore(dir);
  }

  async get(id: string): Promise<Snapshot | undefined> {
    return this.#store.get(id);
  }

  async prepare(parent: Snapshot | undefined, id?: string): Promise<ActiveSnapshot> {
    return new ActiveCopy(this.#store, parent, id);
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

/** What a file was like when it was copied: any change to it changes this. */
type Stamps = ReadonlyMap<string, string>;

class ActiveCopy implements ActiveSnapshot {
  readonly parent: Snapshot | undefined;
  readonly diffDir: string;
  readonly owners: OwnerTable = new Map();
  readonly #store: SnapshotStore;
  readonly #work: WorkFolder;
  readonly #id: string | undefined;
  #root: { readonly path: string; readonly stamps: Stamps; readonly before: LayeredView } | undefined;
  #state: 'active' | 'committed' | 'discarded' = 'active';

  constructor(store: SnapshotStore, parent: Snapshot | undefined, id: string | undefined) {
    this.parent = parent;
    this.#store = store;
    this.#id = id;
    this.#work = store.create(parent);
    this.diffDir = join(this.#work.dir, 'fs');
  }

  /** Copied when it is first asked for: file operations write into `diffDir` and need no copy. */
  get rootMount(): RootMount {
    if (!this.#root) {
      const path = join(this.#work.dir, 'root');
      const before = viewOfActive(this, 'the root filesystem');
      materialize(before, path);
      this.#root = { path, before, stamps: stampsOf(path) };
    }
    return { kind: 'directory', path: this.#root.path };
  }

  async commit(): Promise<Snapshot> {
    if (this.#state !== 'active') throw new Error(`commit of a ${this.#state} snapshot`);
    if (this.#root) {
      new ChangeCollector(this, this.#root.path, this.#root.stamps, this.#root.before).collect();
      removeTree(this.#root.path);
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

/** Moves what a step changed in its copy of the root into the difference. */
class ChangeCollector {
  readonly #root: string;
  readonly #stamps: Stamps;
  readonly #before: LayeredView;
  readonly #writer: DiffWriter;

  constructor(active: ActiveSnapshot, root: string, stamps: Stamps, before: LayeredView) {
    this.#root = root;
    this.#stamps = stamps;
    this.#before = before;
    this.#writer = new DiffWriter(active);
  }

  collect(): void {
    this.#directory('');
    this.#writer.finish();
  }

  #directory(folder: string): void {
    const names = new Set(readdirSync(this.#hostPath(folder)));
    for (const name of this.#before.readdir(folder)) {
      if (!names.has(name)) this.#writer.remove(folder === '' ? name : `${folder}/${name}`);
    }
    for (const name of names) this.#entry(folder === '' ? name : `${folder}/${name}`);
  }

  #entry(path: string): void {
    const host = this.#hostPath(path);
    const stat = lstatSync(host, { bigint: true });
    const isChanged = this.#stamps.get(path) !== stampOf(stat);
    const isMerged = stat.isDirectory() && this.#before.lstat(path)?.type === 'directory';
    if (isMerged) {
      if (isChanged) this.#changedDirectory(path, stat);
      this.#directory(path);
    } else if (isChanged) {
      this.#writer.openDirectory(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
      this.#writer.clear(path);
      // Nothing needs the copy any more, so that its files can become the difference's, links and times included.
      renameSync(host, this.#writer.hostPath(path));
    }
  }

  #changedDirectory(path: string, stat: BigIntStats): void {
    const before = this.#before.lstat(path);
    const now = fileEntry(path, this.#hostPath(path), stat);
    const disk = before && lstatSync(before.hostPath);
    // Where one id is all there is, the disk's owner is not the image's.
    const isSameOwner = disk?.uid === now.uid && disk.gid === now.gid;
    this.#writer.openDirectory(path);
    this.#writer.setAttributes(path, 'directory', {
      ...now,
      ...(isSameOwner && { uid: before?.uid, gid: before?.gid }),
    });
  }

  #hostPath(path: string): string {
    return path === '' ? this.#root : `${this.#root}/${path}`;
  }
}

function stampsOf(root: string): Stamps {
  const stamps = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder === '' ? root : `${root}/${folder}`, { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      stamps.set(path, stampOf(lstatSync(`${root}/${path}`, { bigint: true })));
      if (entry.isDirectory()) visit(path);
    }
  };
  visit('');
  return stamps;
}

/** The change time moves with content, owner, mode, links and attributes, and no program can set it. */
function stampOf(stat: BigIntStats): string {
  return `${stat.ino} ${stat.ctimeNs} ${stat.size}`;
}
