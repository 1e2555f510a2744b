/**
 * One build from end to end: the Dockerfile's text to an exported image. It wires the rooms together and decides nothing
 * that one of them could. What surprises: nothing here prints; whoever calls listens to `onEvent`.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { KnownError } from '../diagnostics/known-error.ts';
import { RegistryAccess } from '../distribution/registry-access.ts';
import { openStore, type Store } from '../distribution/store.ts';
import { type Dockerfile, parseDockerfile } from '../dockerfile/dockerfile.ts';
import { selectExecutor } from '../exec/select-executor.ts';
import type { Descriptor } from '../image/descriptor.ts';
import type { Digest } from '../image/digest.ts';
import { hostPlatform, parsePlatform } from '../image/parse-platform.ts';
import { BaseImages } from './base-images.ts';
import { BuildContexts } from './build-contexts.ts';
import { readBuildInputs } from './build-inputs.ts';
import { BuildLog, buildId } from './build-log.ts';
import type { BuildOptions, BuildResult } from './build-options.ts';
import { FileCacheStore } from './cache/file-cache-store.ts';
import { SelectionMemo } from './cache/selection-memo.ts';
import { assembleImage } from './export/assemble-image.ts';
import type { BuiltImage } from './export/built-image.ts';
import { exportImage } from './export-image.ts';
import { FetchSources } from './fetch-sources.ts';
import type { BuildPlan, FrontendOptions } from './frontend/build-plan.ts';
import { planBuild } from './frontend/frontend.ts';
import type { Vertex } from './graph/vertex.ts';
import { createSecretStore } from './ops/exec/secret-mount.ts';
import { openAgentSocket } from './ops/exec/ssh-mount.ts';
import type { OpEnvironment } from './ops/op-environment.ts';
import { createOpRunners } from './ops/op-runners.ts';
import type { BuildEvent, EmitBuildEvent } from './progress/build-event.ts';
import { type Solution, solve } from './solver/solver.ts';

/** Steps that run at once unless told otherwise: they mostly wait for disks, networks and compilers. */
const PARALLELISM = 16;

/**
 * Builds an image and exports it as asked.
 * @throws KnownError for whatever the user can act on, with the place in the Dockerfile; the signal's reason when aborted.
 */
export async function build(options: BuildOptions): Promise<BuildResult> {
  const store = openStore(options.storeRoot);
  using log = new BuildLog(join(store.root, 'builds'), buildId(new Date(), process.pid));
  const emit = emitter(options, log);
  await using sources = new FetchSources({
    snapshotter: store.snapshotter,
    cacheDir: join(store.root, 'cache'),
    env: options.env,
  });
  const inputs = await readBuildInputs(options);
  const dockerfile = parseDockerfile(inputs.source, { file: inputs.file });
  await using registry = new RegistryAccess(options.env);
  const images = new BaseImages({
    store,
    client: () => registry.client(),
    pull: options.pull ?? false,
    emit,
    now: Date.now,
  });
  const contexts = new BuildContexts({ inputs, options, store });
  try {
    const plan = await planBuild(dockerfile, frontendOptions(options, contexts), images, options.signal);
    announce(plan, emit);
    const environment = opEnvironment({ options, store, contexts, images, sources, log });
    const solution = await solvePlan(plan, environment, { options, emit, store });
    const image = await assemble(plan, solution, images);
    const outcome = await exportImage(image, { options, store, emit, client: () => registry.client() });
    return buildResult(plan, { solution, image, outcome });
  } catch (error) {
    throw withSource(error, dockerfile);
  }
}

function emitter({ onEvent }: BuildOptions, log: BuildLog): EmitBuildEvent {
  return (event) => {
    if (event.type === 'log') log.append(event.vertex, event.chunk);
    onEvent?.(event);
  };
}

function frontendOptions(options: BuildOptions, contexts: BuildContexts): FrontendOptions {
  const buildPlatform = hostPlatform();
  const epoch = options.env.SOURCE_DATE_EPOCH;
  return {
    target: options.target,
    // As buildx does: the variable of the environment is a build argument unless one was given.
    buildArgs: { ...(epoch ? { SOURCE_DATE_EPOCH: epoch } : {}), ...options.buildArgs },
    labels: options.labels ?? {},
    platform: options.platform === undefined ? buildPlatform : parsePlatform(options.platform),
    buildPlatform,
    namedContexts: contexts.named(),
    ignoreCache: options.useCache === false ? true : (options.ignoreCacheOf ?? []),
    network: options.network ?? 'default',
    extraHosts: options.extraHosts ?? [],
    shmSizeBytes: options.shmSizeBytes,
    ulimits: options.ulimits ?? [],
    allow: options.allow ?? [],
  };
}

function announce(plan: BuildPlan, emit: EmitBuildEvent): void {
  const vertices = plan.graph.vertices
    .filter(isShown)
    .map(({ digest, name, step }) => ({ vertex: digest, name, stage: step?.stage }));
  emit({ type: 'plan', timeMs: Date.now(), vertices });
  for (const diagnostic of plan.warnings) emit({ type: 'warning', timeMs: Date.now(), diagnostic });
}

/** A context is read in place by the steps that select from it: by itself it is no work that could be seen. */
function isShown({ op }: Pick<Vertex, 'op'>): boolean {
  return op.kind !== 'context';
}

interface EnvironmentOf {
  readonly options: BuildOptions;
  readonly store: Store;
  readonly contexts: BuildContexts;
  readonly images: BaseImages;
  readonly sources: FetchSources;
  readonly log: BuildLog;
}

function opEnvironment({ options, store, contexts, images, sources, log }: EnvironmentOf): OpEnvironment {
  let executor: ReturnType<typeof selectExecutor> | undefined;
  const cacheDir = join(store.root, 'cache');
  return {
    snapshotter: store.snapshotter,
    cache: new FileCacheStore(cacheDir, store.snapshotter),
    selectionMemo: new SelectionMemo(cacheDir),
    contextTree: (name) => contexts.open(name),
    unpackBase: (op, context) => images.unpack(op, context),
    fetchIdentity: (op, context) => sources.identity(op, context),
    fetch: (op, context) => sources.fetch(op, context),
    executor: () => {
      executor ??= selectExecutor(options.isolation ?? 'auto', { memoryDir: cacheDir });
      return executor;
    },
    secrets: createSecretStore(options.secrets ?? [], options.cwd, options.env),
    agentSocket: (id) => openAgentSocket(id, options.ssh ?? [], options),
    mountsDir: join(store.root, 'mounts'),
    logPath: ({ vertex }) => log.path(vertex.digest),
    goCacheScope:
      options.useGoCache === false ? undefined : createHash('sha256').update(contexts.identity()).digest('hex'),
  };
}

interface SolvePlan {
  readonly options: BuildOptions;
  readonly emit: EmitBuildEvent;
  readonly store: Store;
}

/** A target that is its base as it stands needs no files: only what the export asks for is fetched then. */
async function solvePlan(
  plan: BuildPlan,
  environment: OpEnvironment,
  { options, emit, store }: SolvePlan,
): Promise<Solution> {
  const isBaseItself = plan.graph.target !== undefined && plan.graph.target === plan.base?.vertex;
  const graph = isBaseItself && !needsFiles(options) ? { ...plan.graph, target: undefined } : plan.graph;
  const locks = new FileCacheStore(join(store.root, 'cache'), store.snapshotter);
  return solve(graph, {
    runners: createOpRunners(environment),
    cache: environment.cache,
    lockKey: (key, signal) => locks.lock(key, signal),
    emit: (event) => (isAboutContext(event, plan) ? undefined : emit(event)),
    signal: options.signal,
    now: Date.now,
    parallelism: PARALLELISM,
  });
}

function needsFiles(options: BuildOptions): boolean {
  return (options.exports ?? []).some(({ type }) => type === 'local' || type === 'tar');
}

function isAboutContext(event: BuildEvent, { graph }: BuildPlan): boolean {
  return 'vertex' in event && graph.vertices.some((vertex) => vertex.digest === event.vertex && !isShown(vertex));
}

function assemble(plan: BuildPlan, solution: Solution, images: BaseImages): Promise<BuiltImage> {
  return assembleImage(plan, {
    root: solution.snapshot,
    baseLayers: plan.base ? (images.layers(plan.base.image.manifestDigest) as readonly Descriptor[]) : [],
    createdMs: (vertex: Digest) => solution.vertices.get(vertex)?.createdMs || undefined,
  });
}

interface Finished {
  readonly solution: Solution;
  readonly image: BuiltImage;
  readonly outcome: { readonly imageId?: Digest; readonly manifestDigest?: Digest; readonly names: readonly string[] };
}

function buildResult(plan: BuildPlan, { solution, image, outcome }: Finished): BuildResult {
  const shown = plan.graph.vertices.filter(isShown);
  const hits = shown.flatMap(({ digest }) => {
    const solved = solution.vertices.get(digest);
    return solved?.outcome === 'hit' ? [solved] : [];
  });
  return {
    imageId: outcome.imageId,
    manifestDigest: outcome.manifestDigest,
    names: outcome.names,
    layers: image.layers.length,
    sizeBytes: image.layers.reduce((sum, { sizeBytes, blob }) => sum + (sizeBytes ?? blob?.size ?? 0), 0),
    steps: { total: shown.length, cached: hits.length },
    cachedMs: hits.reduce((sum, { durationMs }) => sum + durationMs, 0),
    unusedBuildArgs: plan.unusedBuildArgs ?? [],
  };
}

function withSource(error: unknown, { source, file }: Dockerfile): unknown {
  return error instanceof KnownError && error.range?.file === file ? error.within(source) : error;
}
