import type { FileTree } from '../context/file-tree.ts';
import type { OwnerTable } from './owner-table.ts';

/**
 * An immutable, committed state of a root filesystem: a directory of differences on top of its parent, in the form
 * overlayfs has (char device 0/0 removes a name, an opaque xattr hides the parent's directory). Plain data.
 */
export interface Snapshot {
  /** Names the folder under the store's `snapshots/`; unique, without meaning. */
  readonly id: string;
  readonly parent: Snapshot | undefined;
  /** Absolute path of the directory of differences. Nobody writes there after the commit. */
  readonly diffDir: string;
  /** Owners that the disk could not hold (see OwnerTable); absolute path of the table, undefined when none was needed. */
  readonly ownerTable: string | undefined;
  /** The snapshot whose difference this one shares (after a rebase): its layer is this one's layer. */
  readonly origin?: Snapshot;
}

/** How an executor gets the whole root filesystem of an active snapshot: plain data that an executor mounts. */
export type RootMount =
  | {
      readonly kind: 'overlay';
      /** Absolute paths of directories of differences, topmost first. May be empty (a root from scratch). */
      readonly lowerDirs: readonly string[];
      readonly upperDir: string;
      /** On the same filesystem as `upperDir`, empty. */
      readonly workDir: string;
    }
  | { readonly kind: 'directory'; readonly path: string };

/**
 * A snapshot being made. Leaving it without a commit (dispose) discards it; nothing of it can be seen in the store.
 */
export interface ActiveSnapshot extends AsyncDisposable {
  readonly parent: Snapshot | undefined;
  /** The directory that file operations write differences into. Not usable with a 'directory' root mount. */
  readonly diffDir: string;
  /** Owners that could not be set on disk, to be filled by whoever writes into `diffDir`; written at commit. */
  readonly owners: OwnerTable;
  /** What an executor mounts to run a process in it; the process's changes end up in the snapshot. */
  readonly rootMount: RootMount;
  /** Makes it visible, atomically. Does not wait for the disk: after a power cut it may not be there. Usable once. */
  commit(): Promise<Snapshot>;
}

/** Where file operations write: an active snapshot, or any directory of differences. */
export type WritableDifference = Pick<ActiveSnapshot, 'parent' | 'diffDir' | 'owners'>;

/** Owns the store's `snapshots/`. Safe to use from several processes at once. */
export interface Snapshotter {
  /** undefined when there is no such snapshot or a parent of it is gone. */
  get(id: string): Promise<Snapshot | undefined>;
  /**
   * `id` is chosen by the caller where the content decides it (`chain-<hex of the chainId>` for a pulled layer): when a
   * snapshot of this id was committed meanwhile, commit() throws its own work away and returns that one.
   */
  prepare(parent: Snapshot | undefined, id?: string): Promise<ActiveSnapshot>;
  /** The same difference on another parent, without copying bytes (hard links or a shared directory). */
  rebase(snapshot: Snapshot, parent: Snapshot | undefined): Promise<Snapshot>;
  /** Removes what killed processes left half made; costs a listing of one folder. */
  removeAbandoned(): Promise<void>;
  /** Ids of every committed snapshot, unordered. */
  list(): Promise<readonly string[]>;
  /** Removes a snapshot that nothing needs (the caller knows); idempotent. Returns the bytes freed. */
  remove(id: string): Promise<number>;
}

/** The files of a snapshot's whole chain, read without mounting anything. `undefined` is the empty root. */
export type OpenLayeredView = (snapshot: Snapshot | undefined, name: string) => FileTree;
