import type { ContentManifest } from '../../context/content-manifest.ts';
import type { FileDigests } from '../../context/file-digests.ts';
import type { FileTree } from '../../context/file-tree.ts';
import type { Executor } from '../../exec/executor.ts';
import type { Digest } from '../../image/digest.ts';
import type { Snapshot, Snapshotter } from '../../rootfs/snapshot.ts';
import type { CacheStore } from '../cache/cache-store.ts';
import type { MountIdentity } from '../cache/mount-folder.ts';
import type { SelectionMemo } from '../cache/selection-memo.ts';
import type { FetchOp, ImageOp } from '../graph/op.ts';
import type { OpContext } from '../solver/op-runner.ts';
import type { FoundLeak } from './exec/find-secret-leaks.ts';
import type { SecretStore } from './exec/secret-mount.ts';
import type { AgentSocket } from './exec/ssh-mount.ts';

/** What operations need from outside; made by `build/`, so that no operation opens a store or a network by itself. */
export interface OpEnvironment {
  readonly snapshotter: Snapshotter;
  /** The one whose roots an executor can use: chroot cannot mount an overlay and gets a copy. */
  snapshotterFor(executor: Executor): Snapshotter;
  readonly cache: CacheStore;
  readonly selectionMemo: SelectionMemo;
  /** Keeps what a content digest was made of, for explanations. */
  keepManifest?(digest: Digest, manifest: () => ContentManifest): void;
  /** Told what was selected from the result of a step, for a cache that travels. */
  onSelection?(key: Digest, selection: { readonly name: string; readonly digest: Digest }): void;
  /** The files of the main context or of a named one, after .dockerignore. */
  contextTree(name: string, signal: AbortSignal): Promise<BuildContextTree>;
  /** Makes a base image's layers present as snapshots; undefined for an image without layers. */
  unpackBase(op: ImageOp, context: OpContext): Promise<Snapshot | undefined>;
  /** What decides whether a fetch can be taken from the cache: a checksum, a validator of the server, a commit. */
  fetchIdentity(op: FetchOp, context: OpContext): Promise<string>;
  fetch(op: FetchOp, context: OpContext): Promise<Snapshot>;
  executor(): Promise<Executor>;
  readonly secrets: SecretStore;
  /** Remembers that a step's layer holds secrets, so that nobody pushes it unknowingly. */
  recordLeaks(snapshot: Snapshot, leaks: readonly FoundLeak[]): Promise<void>;
  agentSocket(id: string): Promise<AgentSocket | undefined>;
  /** The store's `mounts/`. */
  readonly mountsDir: string;
  /** Where the whole output of a step is kept; undefined when it wrote nothing yet. */
  logPath(context: OpContext): string | undefined;
  /** Fills a new cache mount with what another store had; false when none did. */
  fillMount?(identity: MountIdentity, dir: string, signal: AbortSignal): Promise<boolean>;
  /** Names the project for caches of its own, on whichever machine; undefined turns Go's caches off. */
  readonly project: string | undefined;
}

export interface BuildContextTree {
  readonly tree: FileTree;
  /** Digests of its files, remembered between builds. */
  readonly digests: FileDigests;
  /** Names the files for good where they cannot change: the snapshot of a repository or an archive. */
  readonly snapshotId?: string | undefined;
}
