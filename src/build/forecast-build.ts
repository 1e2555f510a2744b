/**
 * What a build would do, without running it: the same Dockerfile, options and keys as `build`, looked up and not made. It
 * writes nothing that a build would notice, and asks the network only for what --pull and --cache-from ask for.
 */
import { resolve } from 'node:path';
import { changedTree } from '../context/changed-tree.ts';
import type { ContentManifest } from '../context/content-manifest.ts';
import { RegistryAccess } from '../distribution/registry-access.ts';
import { openStore, type Store } from '../distribution/store.ts';
import { useStore } from '../distribution/store-use.ts';
import { parseDockerfile } from '../dockerfile/dockerfile.ts';
import type { Digest } from '../image/digest.ts';
import { BaseImages } from './base-images.ts';
import { BuildContexts } from './build-contexts.ts';
import { opEnvironment } from './build-environment.ts';
import { readBuildInputs } from './build-inputs.ts';
import type { BuildOptions } from './build-options.ts';
import { FileCacheStore } from './cache/file-cache-store.ts';
import { ManifestStore } from './cache/manifest-store.ts';
import { manifestText } from './cache/manifest-text.ts';
import { maskValues } from './cache/mask-secrets.ts';
import { FetchSources } from './fetch-sources.ts';
import { planBuild } from './frontend/frontend.ts';
import { frontendOptions } from './frontend-options.ts';
import type { BuildGraph } from './graph/vertex.ts';
import type { OpEnvironment } from './ops/op-environment.ts';
import { createOpRunners } from './ops/op-runners.ts';
import { PlannedBases } from './planned-bases.ts';
import type { StepRecord } from './record/build-record.ts';
import type { FindManifest } from './record/compare-steps.ts';
import { declaredNames, describeSteps } from './record/describe-steps.ts';
import type { ComparedBuild } from './record/first-misses.ts';
import { projectOf } from './record-build.ts';
import { relativeChanges } from './relative-changes.ts';
import { RemoteContexts } from './remote-contexts.ts';
import { type ForecastVertex, forecast } from './solver/forecast.ts';
import { UnknownContent } from './solver/unknown-content.ts';
import { TravellingCache } from './travelling-cache.ts';

export interface ForecastOptions extends BuildOptions {
  /** Files and folders of the main context that count as changed; relative to `cwd`, else to the context. */
  readonly changedFiles?: readonly string[];
}

export interface ForecastStep {
  readonly outcome: ForecastVertex['outcome'];
  /** What the step took when its record was made; known for hits. */
  readonly recordedMs: number | undefined;
  /** Of a base: compressed bytes that would be fetched; undefined when the base is not known. */
  readonly fetchBytes?: number | undefined;
}

export interface BuildForecast {
  readonly project: string;
  /** The build as its record would begin: a step that may run counts as not needed here. */
  readonly build: ComparedBuild;
  /** By index of the build's steps. */
  readonly steps: readonly ForecastStep[];
  readonly manifests: FindManifest;
  /** Names of bases that are neither in the store nor could be asked for. */
  readonly unknownBases: readonly string[];
  /** Of `changedFiles`: relative to the context; and those that no step could see. */
  readonly changed: readonly string[];
  readonly unseen: readonly string[];
}

/** @throws KnownError as `build`, for whatever can be seen without running anything. */
export async function forecastBuild(options: ForecastOptions): Promise<BuildForecast> {
  const store = openStore(options.storeRoot);
  using _use = await useStore(store.root, options.signal);
  await using sources = new FetchSources({
    snapshotter: store.snapshotter,
    cacheDir: resolve(store.root, 'cache'),
    env: options.env,
  });
  await using remote = remoteContexts(options, store, sources);
  await using registry = new RegistryAccess(options.env);
  const client = () => registry.client();
  const inputs = await readBuildInputs(options, remote);
  const dockerfile = parseDockerfile(inputs.source, { file: inputs.file });
  const images = new BaseImages({ store, client, pull: false, emit: () => undefined });
  const bases = new PlannedBases({ store, stored: images, client: options.pull ? client : undefined });
  const contexts = new BuildContexts({ inputs, options, store, remote });
  const plan = await planBuild(dockerfile, frontendOptions(options, contexts), bases, options.signal);

  const manifests = new PlannedManifests(new ManifestStore(resolve(store.root, 'cache')));
  const main = (await contexts.open('context')).tree;
  const changes = relativeChanges(main, inputs, options);
  const environment = withoutWork(
    opEnvironment({ options, store, contexts, images, sources, log: { path: () => undefined }, manifests }),
    { contexts, changed: changes.seen },
  );
  const caches = new TravellingCache({
    ...{ options, store, registry, images, plan, project: contexts.project() },
    emit: (event) => (event.type === 'notice' ? options.onEvent?.(event) : undefined),
  });
  await caches.open();
  const vertices = await forecast(plan.graph, {
    ...{ runners: createOpRunners(environment), cache: environment.cache, imports: caches.imports },
    signal: options.signal,
  });
  const described = describeSteps(plan.graph, dockerfile, options.buildArgs ?? {});
  return {
    project: projectOf(options),
    build: {
      steps: plannedSteps(described, vertices),
      declared: declaredNames(dockerfile),
      options: { buildArgs: maskValues(options.buildArgs ?? {}) },
    },
    steps: await forecastSteps(plan.graph, vertices, bases),
    manifests: (digest) => manifests.get(digest),
    unknownBases: unknownBases(plan.graph, bases),
    changed: changes.seen,
    unseen: changes.unseen,
  };
}

function remoteContexts(options: BuildOptions, { root, snapshotter }: Store, sources: FetchSources): RemoteContexts {
  const cache = new FileCacheStore(resolve(root, 'cache'), snapshotter);
  return new RemoteContexts({ snapshotter, cache, sources, emit: () => undefined, signal: options.signal });
}

/** Manifests of this plan stay in memory: what might have changed is no history. */
class PlannedManifests {
  readonly #stored: ManifestStore;
  readonly #planned = new Map<string, () => ContentManifest>();

  constructor(stored: ManifestStore) {
    this.#stored = stored;
  }

  keep(digest: Digest, manifest: () => ContentManifest): void {
    this.#planned.set(digest, manifest);
  }

  get(digest: string): string | undefined {
    const planned = this.#planned.get(digest);
    return planned ? manifestText(planned()) : this.#stored.get(digest);
  }
}

/** The environment of a build that must not download, and in whose context some files count as changed. */
function withoutWork(
  environment: OpEnvironment,
  { contexts, changed }: { readonly contexts: BuildContexts; readonly changed: readonly string[] },
): OpEnvironment {
  return {
    ...environment,
    async contextTree(name) {
      const opened = await contexts.open(name);
      return name === 'context' && changed.length > 0 ? { ...opened, tree: changedTree(opened.tree, changed) } : opened;
    },
    async fetchIdentity(op, context) {
      if (op.source.checksum === undefined) throw new UnknownContent('what a server has is not known');
      return environment.fetchIdentity(op, context);
    },
  };
}

function plannedSteps(
  { steps, keptKey }: ReturnType<typeof describeSteps>,
  vertices: ReadonlyMap<Digest, ForecastVertex>,
): readonly StepRecord[] {
  return steps.map((step) => {
    const { key, outcome, record } = vertices.get(step.vertex) ?? { outcome: 'not-needed' };
    return {
      ...step,
      ...(key === undefined ? {} : { key: keptKey(key) }),
      outcome: outcome === 'maybe' ? 'not-needed' : outcome,
      durationMs: record?.durationMs ?? 0,
      ...(record?.importedFrom === undefined ? {} : { importedFrom: record.importedFrom }),
    };
  });
}

async function forecastSteps(
  { vertices }: BuildGraph,
  outcomes: ReadonlyMap<Digest, ForecastVertex>,
  bases: PlannedBases,
): Promise<readonly ForecastStep[]> {
  const steps: ForecastStep[] = [];
  for (const { digest, op } of vertices) {
    const { outcome, record } = outcomes.get(digest) ?? { outcome: 'not-needed' };
    const fetches = op.kind === 'image' && (outcome === 'run' || outcome === 'maybe');
    steps.push({
      outcome,
      recordedMs: record?.durationMs,
      ...(fetches ? { fetchBytes: await bases.bytesToFetch(op.manifestDigest) } : {}),
    });
  }
  return steps;
}

function unknownBases({ vertices }: BuildGraph, bases: PlannedBases): readonly string[] {
  return vertices.flatMap(({ op }) =>
    op.kind === 'image' && bases.isUnknown(op.manifestDigest) ? [op.reference] : [],
  );
}
