import { KnownError } from '../diagnostics/known-error.ts';
import { parseDockerfile } from '../dockerfile/dockerfile.ts';
import type { ContainerConfig } from '../image/image-config.ts';
import type { Platform } from '../image/platform.ts';
import { planBuild } from './frontend/frontend.ts';

const ALLOWED =
  'CMD ENTRYPOINT ENV EXPOSE HEALTHCHECK LABEL MAINTAINER ONBUILD SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(' ');

/**
 * What Dockerfile instructions make of an empty image's config, for `import --change`. Unlike FROM scratch, an import
 * begins with nothing at all.
 * @throws KnownError USAGE for an instruction that changes more than the config; DOCKERFILE_*
 */
export async function importConfig(
  changes: readonly string[],
  { platform, signal }: { readonly platform: Platform; readonly signal: AbortSignal },
): Promise<ContainerConfig> {
  const names = changes.map(instructionOf);
  const dockerfile = parseDockerfile(['FROM scratch', ...changes].join('\n'), { file: '--change' });
  const options = {
    buildArgs: {},
    labels: {},
    platform,
    buildPlatform: platform,
    namedContexts: {},
    ignoreCache: false,
    network: 'none',
    extraHosts: [],
    ulimits: [],
    allow: [],
  } as const;
  const { config } = await planBuild(dockerfile, options, { resolve: noBase }, signal);
  const { Env: env = [], WorkingDir: workingDir, ArgsEscaped: _, ...rest } = config;
  const own = changes.some((change) => /^\s*env\s.*\bPATH\b/is.test(change)) ? env : env.filter(isNotDefaultPath);
  return {
    ...rest,
    ...(own.length > 0 && { Env: own }),
    ...(names.includes('WORKDIR') && workingDir !== undefined && { WorkingDir: workingDir }),
  };
}

function instructionOf(change: string): string {
  const name = /^\s*([a-z]+)/i.exec(change)?.[1]?.toUpperCase() ?? '';
  if (ALLOWED.includes(name) && !change.includes('\n')) return name;
  throw new KnownError('USAGE', `--change ${JSON.stringify(change)} is not a change that an import can make.`, {
    hint: `It is one instruction: ${ALLOWED.join(', ')}.`,
    exitCode: 2,
  });
}

function isNotDefaultPath(variable: string): boolean {
  return !variable.startsWith('PATH=');
}

function noBase(): never {
  throw new Error('an import has no base image');
}
