/**
 * Answers a question about a build in place of making it: the findings of its checks, what it asks for, its targets.
 * Bases are resolved where the answer depends on them, as BuildKit does; nothing runs.
 */
import { join } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { KnownError } from '../diagnostics/known-error.ts';
import { RegistryAccess } from '../distribution/registry-access.ts';
import { openStore } from '../distribution/store.ts';
import { parseDockerfile } from '../dockerfile/dockerfile.ts';
import { BaseImages } from './base-images.ts';
import { BuildContexts } from './build-contexts.ts';
import { readBuildInputs } from './build-inputs.ts';
import type { BuildOptions } from './build-options.ts';
import { FileCacheStore } from './cache/file-cache-store.ts';
import type { CallMethod } from './call-method.ts';
import { FetchSources } from './fetch-sources.ts';
import type { BaseImageResolver, FrontendOptions } from './frontend/build-plan.ts';
import { outlineBuild, planBuild } from './frontend/frontend.ts';
import type { Outline } from './frontend/outline.ts';
import { listTargets, type Target } from './frontend/targets.ts';
import { frontendOptions } from './frontend-options.ts';
import { RemoteContexts } from './remote-contexts.ts';

interface Asked {
  /** Name and text of the Dockerfile. */
  readonly file: string;
  readonly source: string;
}

export type CallAnswer = Asked &
  (
    | {
        readonly method: 'check';
        /** In the order in which they were found. */
        readonly findings: readonly Diagnostic[];
        /** What would end the build; the findings up to there are known. */
        readonly error: KnownError | undefined;
      }
    | { readonly method: 'outline'; readonly outline: Outline; readonly findings: readonly Diagnostic[] }
    | { readonly method: 'targets'; readonly targets: readonly Target[] }
  );

/** @throws KnownError what keeps the question from being answered; what would end the build is the answer of `check`. */
export function callBuild(options: BuildOptions, method: CallMethod): Promise<CallAnswer> {
  return ask(options, async (question): Promise<CallAnswer> => {
    const { file, source } = question;
    if (method === 'check') return { method, file, source, ...(await check(question)) };
    if (method === 'targets') return { method, file, source, targets: listTargets(parseDockerfile(source, { file })) };
    return { method, file, source, ...(await outline(question)) };
  });
}

/** The images that the target stands on: normalised references with the digests that were resolved. @throws KnownError as `build` */
export function basesOf(options: BuildOptions): Promise<readonly string[]> {
  return ask(options, async ({ source, file, images, options: frontend, signal }) => {
    const { graph } = await planBuild(parseDockerfile(source, { file }), frontend(), images, signal);
    return graph.vertices.flatMap(({ op }) => (op.kind === 'image' ? [op.reference] : []));
  });
}

async function ask<T>(options: BuildOptions, answer: (question: Question) => Promise<T>): Promise<T> {
  const store = openStore(options.storeRoot);
  const { snapshotter } = store;
  const cacheDir = join(store.root, 'cache');
  const emit = options.onEvent ?? (() => undefined);
  const { env, signal } = options;
  await using sources = new FetchSources({ snapshotter, cacheDir, env, emit });
  const cache = new FileCacheStore(cacheDir, snapshotter);
  await using remote = new RemoteContexts({ snapshotter, cache, sources, emit, signal });
  const inputs = await readBuildInputs(options, remote);
  const { source, file } = inputs;
  await using registry = new RegistryAccess(env);
  const images = new BaseImages({ store, client: () => registry.client(), pull: options.pull ?? false, emit });
  const contexts = new BuildContexts({ inputs, options, store, remote });
  try {
    return await answer({ source, file, images, options: () => frontendOptions(options, contexts), signal });
  } catch (error) {
    throw error instanceof KnownError ? error.within(source) : error;
  }
}

interface Question extends Asked {
  readonly images: BaseImageResolver;
  options(): FrontendOptions;
  readonly signal: AbortSignal;
}

async function check({ source, file, images, options, signal }: Question) {
  const findings: Diagnostic[] = [];
  try {
    const asked = options();
    const onFinding = (finding: Diagnostic): void => void findings.push(finding);
    const frontend = { ...asked, allStages: !asked.target, onFinding };
    await planBuild(parseDockerfile(source, { file }), frontend, images, signal);
    return { findings, error: undefined };
  } catch (error) {
    // Findings that count as errors are the answer itself.
    if (error instanceof KnownError && error.code === 'CHECK_FAILED') return { findings, error: undefined };
    if (error instanceof KnownError && !signal.aborted) return { findings, error: error.within(source) };
    throw error;
  }
}

async function outline({ source, file, images, options, signal }: Question) {
  const findings: Diagnostic[] = [];
  const frontend = { ...options(), onFinding: (finding: Diagnostic): void => void findings.push(finding) };
  return { outline: await outlineBuild(parseDockerfile(source, { file }), frontend, images, signal), findings };
}
