import { join } from 'node:path';
import { recordSecretLeaks } from '../distribution/secret-leaks.ts';
import type { Store } from '../distribution/store.ts';
import { selectExecutor } from '../exec/select-executor.ts';
import { snapshotterFor } from '../exec/snapshotter-for.ts';
import { diffIdOf } from '../rootfs/layer-from-snapshot.ts';
import type { BaseImages } from './base-images.ts';
import type { BuildContexts } from './build-contexts.ts';
import type { BuildLog } from './build-log.ts';
import type { BuildOptions } from './build-options.ts';
import { FileCacheStore } from './cache/file-cache-store.ts';
import type { ManifestStore } from './cache/manifest-store.ts';
import { SelectionMemo } from './cache/selection-memo.ts';
import type { FetchSources } from './fetch-sources.ts';
import { createSecretStore } from './ops/exec/secret-mount.ts';
import { openAgentSocket } from './ops/exec/ssh-mount.ts';
import type { OpEnvironment } from './ops/op-environment.ts';

export interface EnvironmentOf {
  readonly options: BuildOptions;
  readonly store: Store;
  readonly contexts: BuildContexts;
  readonly images: BaseImages;
  readonly sources: FetchSources;
  readonly log: Pick<BuildLog, 'path'>;
  readonly manifests: Pick<ManifestStore, 'keep'>;
  readonly onSelection?: OpEnvironment['onSelection'];
  readonly fillMount?: OpEnvironment['fillMount'];
  /** SOURCE_DATE_EPOCH, which decides a layer's digest too. */
  readonly epochSeconds?: number | undefined;
}

/** What the operations of one build may use; an executor is chosen when the first step runs. */
export function opEnvironment(environment: EnvironmentOf): OpEnvironment {
  const { options, store, contexts, images, sources, log, manifests, epochSeconds, onSelection, fillMount } =
    environment;
  let executor: ReturnType<typeof selectExecutor> | undefined;
  const cacheDir = join(store.root, 'cache');
  return {
    snapshotter: store.snapshotter,
    snapshotterFor: (chosen) => snapshotterFor(store, chosen),
    cache: new FileCacheStore(cacheDir, store.snapshotter),
    selectionMemo: new SelectionMemo(cacheDir),
    keepManifest: (digest, manifest) => manifests.keep(digest, manifest),
    ...(onSelection && { onSelection }),
    contextTree: (name) => contexts.open(name),
    unpackBase: (op, context) => images.unpack(op, context),
    // Keys come before their steps are shown: a download for one shows itself.
    fetchIdentity: (op, { signal }) => sources.identity(op, { signal }),
    fetch: (op, context) => sources.fetch(op, context),
    executor: () => {
      executor ??= selectExecutor(options.isolation ?? 'auto', { memoryDir: cacheDir });
      return executor;
    },
    recordLeaks: async (snapshot, leaks) => {
      const { diffId } = await diffIdOf(snapshot, { epochSeconds });
      recordSecretLeaks(store.root, diffId, leaks);
    },
    secrets: createSecretStore(options.secrets ?? [], options.cwd, options.env),
    agentSocket: (id) => openAgentSocket(id, options.ssh ?? [], options),
    mountsDir: join(store.root, 'mounts'),
    logPath: ({ vertex }) => log.path(vertex.digest),
    ...(fillMount && { fillMount }),
    project: options.useGoCache === false ? undefined : contexts.project(),
  };
}
