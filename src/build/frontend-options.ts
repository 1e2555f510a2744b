import { hostPlatform, parsePlatform } from '../image/parse-platform.ts';
import type { BuildContexts } from './build-contexts.ts';
import type { BuildOptions } from './build-options.ts';
import type { FrontendOptions } from './frontend/build-plan.ts';

/** What the frontend has to know of a build. @throws KnownError PLATFORM_INVALID, BUILD_CONTEXT_MISSING */
export function frontendOptions(options: BuildOptions, contexts: BuildContexts): FrontendOptions {
  const buildPlatform = hostPlatform();
  const epoch = options.env.SOURCE_DATE_EPOCH;
  return {
    target: options.target,
    // As buildx does: the variable of the environment is a build argument unless one was given.
    buildArgs: { ...(epoch ? { SOURCE_DATE_EPOCH: epoch } : {}), ...options.buildArgs },
    labels: options.labels ?? {},
    platform: options.platform === undefined ? buildPlatform : parsePlatform(options.platform),
    platformRequested: options.platform !== undefined,
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
