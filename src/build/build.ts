/**
 * One build from end to end: the Dockerfile's text to an exported image. It wires the rooms together and decides nothing
 * that one of them could. What surprises: nothing here prints; whoever calls listens to `onEvent`.
 */
import { join } from 'node:path';
import { KnownError } from '../diagnostics/known-error.ts';
import { RegistryAccess } from '../distribution/registry-access.ts';
import { openStore, type Store } from '../distribution/store.ts';
import { useStore } from '../distribution/store-use.ts';
import { type Dockerfile, parseDockerfile } from '../dockerfile/dockerfile.ts';
import type { Digest } from '../image/digest.ts';
import { formatPlatform } from '../image/parse-platform.ts';
import { BaseImages } from './base-images.ts';
import { BuildContexts } from './build-contexts.ts';
import { opEnvironment } from './build-environment.ts';
import { readBuildInputs } from './build-inputs.ts';
import { BuildLog, buildId } from './build-log.ts';
import type { BuildOptions, BuildResult } from './build-options.ts';
import { FileCacheStore } from './cache/file-cache-store.ts';
import { ManifestStore } from './cache/manifest-store.ts';
import { checkOptions } from './check-options.ts';
import { assembleImage } from './export/assemble-image.ts';
import type { BuiltImage } from './export/built-image.ts';
import type { ExportOutcome } from './export/exporter.ts';
import { exportImage } from './export-image.ts';
import { FetchSources } from './fetch-sources.ts';
import { beginFreshMounts } from './fresh-cache-mounts.ts';
import type { BuildPlan } from './frontend/build-plan.ts';
import { planBuild } from './frontend/frontend.ts';
import { frontendOptions } from './frontend-options.ts';
import type { Vertex } from './graph/vertex.ts';
import type { OpEnvironment } from './ops/op-environment.ts';
import { createOpRunners } from './ops/op-runners.ts';
import type { BuildEvent, EmitBuildEvent } from './progress/build-event.ts';
import type { BuildEnd, BuildRecorder } from './record/build-recorder.ts';
import { BuildRecords } from './record/build-records.ts';
import { createRecorder, layerSizes, recordedResult, writeRecord } from './record-build.ts';
import { RemoteContexts } from './remote-contexts.ts';
import { type Solution, solve } from './solver/solver.ts';
import { exportError, TravellingCache } from './travelling-cache.ts';

/** Steps that run at once unless told otherwise: they mostly wait for disks, networks and compilers. */
const PARALLELISM = 16;

/**
 * Builds an image and exports it as asked.
 * @throws KnownError for whatever the user can act on, with the place in the Dockerfile; the signal's reason when aborted.
 */
export async function build(options: BuildOptions): Promise<BuildResult> {
  checkOptions(options);
  const started = new Date();
  const id = buildId(started);
  const store = openStore(options.storeRoot);
  await store.snapshotter.removeAbandoned();
  using _use = await useStore(store.root, options.signal);
  using log = new BuildLog(join(store.root, 'builds'), id);
  await using sources = new FetchSources({
    snapshotter: store.snapshotter,
    cacheDir: join(store.root, 'cache'),
    env: options.env,
    emit: (event) => options.onEvent?.(event),
  });
  await using remote = new RemoteContexts({
    snapshotter: store.snapshotter,
    cache: new FileCacheStore(join(store.root, 'cache'), store.snapshotter),
    sources,
    emit: (event) => options.onEvent?.(event),
    signal: options.signal,
  });
  const inputs = await readBuildInputs(options, remote);
  const dockerfile = parseDockerfile(inputs.source, { file: inputs.file });
  const keeping = recordKeeping(store);
  const recorder = createRecorder({ id, options, dockerfile, log, ...keeping }, started.getTime());
  const emit = emitter(options, log, recorder);
  let end: BuildEnd = {};
  await using registry = new RegistryAccess(options.env);
  const images = new BaseImages({
    store,
    client: () => registry.client(),
    pull: options.pull ?? false,
    emit,
  });
  const contexts = new BuildContexts({ inputs, options, store, remote });
  try {
    const plan = await planBuild(dockerfile, frontendOptions(options, contexts), images, options.signal);
    recorder.planned(plan.graph);
    announce(plan, emit);
    const caches = new TravellingCache({
      ...{ options, store, registry, images, emit, plan },
      project: options.useGoCache === false ? undefined : contexts.project(),
    });
    await caches.open();
    const fresh = beginFreshMounts(plan.graph, { mountsDir: join(store.root, 'mounts'), emit });
    const environment = opEnvironment({
      ...{ options, store, contexts, images, sources, log, ...keeping },
      epochSeconds: plan.epochSeconds,
      ...(options.cacheTo?.length ? { onSelection: caches.onSelection } : {}),
      ...(options.cacheFrom?.length ? { fillMount: fresh.fillOthers(caches.fillMount) } : {}),
    });
    const finished = await finish(plan, environment, { options, emit, store, recorder, caches, images, registry });
    const result = { buildId: id, ...buildResult(plan, finished) };
    end = { result: recordedResult(result), sizes: layerSizes(plan, finished.image) };
    await caches.export(finished.solution, environment.cache);
    return result;
  } catch (error) {
    end = { error };
    throw withSource(error, dockerfile);
  } finally {
    await writeRecord(recorder, end, keeping);
  }
}

/** Everybody who listens: the log, the record, the caller. A step that starts says why, where that is known. */
function emitter({ onEvent }: BuildOptions, log: BuildLog, recorder: BuildRecorder): EmitBuildEvent {
  return (event) => {
    if (event.type === 'log') log.append(event.vertex, event.chunk);
    recorder.observe(event);
    onEvent?.(event);
    if (event.type !== 'vertex-started') return;
    const text = recorder.causeOf(event.vertex);
    if (text) onEvent?.({ type: 'note', timeMs: event.timeMs, vertex: event.vertex, text, isCause: true });
  };
}

function recordKeeping({ root }: Store): { readonly records: BuildRecords; readonly manifests: ManifestStore } {
  return { records: new BuildRecords(join(root, 'builds')), manifests: new ManifestStore(join(root, 'cache')) };
}

function announce(plan: BuildPlan, emit: EmitBuildEvent): void {
  const vertices = plan.graph.vertices
    .filter(isShown)
    .sort((a, b) => (a.origin?.start.line ?? 0) - (b.origin?.start.line ?? 0))
    .map(({ digest, name, step }) => ({ vertex: digest, name, stage: step?.stage }));
  const base = plan.base ? withoutDigest(plan.base.image.reference) : 'scratch';
  emit({ type: 'plan', timeMs: Date.now(), vertices, base, platform: formatPlatform(plan.platform) });
  for (const diagnostic of plan.warnings) emit({ type: 'warning', timeMs: Date.now(), diagnostic });
}

/** As people write it: docker's own registry is not named. */
function withoutDigest(reference: string): string {
  return reference.replace(/@[^@]*$/, '').replace(/^docker\.io\/(?:library\/)?/, '');
}

/** A context is read in place by the steps that select from it: by itself it is no work that could be seen. */
function isShown({ op }: Pick<Vertex, 'op'>): boolean {
  return op.kind !== 'context';
}

interface SolvePlan {
  readonly options: BuildOptions;
  readonly emit: EmitBuildEvent;
  readonly store: Store;
  readonly recorder: BuildRecorder;
  readonly caches: TravellingCache;
}

/** From the plan to the exported image. A cache source that breaks on the way is given up, and what ran is a hit by then. */
async function finish(
  plan: BuildPlan,
  environment: OpEnvironment,
  context: SolvePlan & { readonly images: BaseImages; readonly registry: RegistryAccess },
): Promise<Finished> {
  const { options, store, emit, caches, images, registry } = context;
  for (;;) {
    try {
      const solution = await solvePlan(plan, environment, context);
      const image = await caches.inline(await assemble(plan, solution, images), solution, environment.cache);
      const outcome = await exportImage(image, { options, store, emit, client: () => registry.client() }).catch(
        (error) => Promise.reject(exportError(error, solution)),
      );
      return { solution, image, outcome };
    } catch (error) {
      if (!caches.giveUp(error)) throw error;
    }
  }
}

/** A target that is its base as it stands needs no files: only what the export asks for is fetched then. */
async function solvePlan(
  plan: BuildPlan,
  environment: OpEnvironment,
  { options, emit, store, recorder, caches }: SolvePlan,
): Promise<Solution> {
  const isBaseItself = plan.graph.target !== undefined && plan.graph.target === plan.base?.vertex;
  const graph = isBaseItself && !needsFiles(options) ? { ...plan.graph, target: undefined } : plan.graph;
  const locks = new FileCacheStore(join(store.root, 'cache'), store.snapshotter);
  return solve(graph, {
    runners: createOpRunners(environment),
    cache: environment.cache,
    imports: caches.imports,
    passesOn: (imported) => caches.passesOn(imported),
    lockKey: (key, signal) => locks.lock(key, signal),
    emit: (event) => (isAboutContext(event, plan) ? undefined : emit(event)),
    onOutcome: (vertex, solved) => recorder.outcome(vertex, solved),
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

async function assemble(plan: BuildPlan, solution: Solution, images: BaseImages): Promise<BuiltImage> {
  return assembleImage(plan, {
    root: solution.snapshot,
    imported: solution.imported,
    baseLayers: plan.base ? await images.layers(plan.base.image.manifestDigest) : [],
    createdMs: (vertex: Digest) => solution.vertices.get(vertex)?.createdMs || undefined,
  });
}

interface Finished {
  readonly solution: Solution;
  readonly image: BuiltImage;
  readonly outcome: ExportOutcome & { readonly names: readonly string[] };
}

function buildResult(plan: BuildPlan, { solution, image, outcome }: Finished): Omit<BuildResult, 'buildId'> {
  const shown = plan.graph.vertices.filter(isShown);
  const hits = shown.flatMap(({ digest }) => {
    const solved = solution.vertices.get(digest);
    return solved?.outcome === 'hit' ? [solved] : [];
  });
  return {
    imageId: outcome.imageId,
    manifestDigest: outcome.manifestDigest,
    manifest: outcome.manifest,
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
