/** For tests: plans a Dockerfile over a few images that need no registry. */
import { KnownError } from '../../diagnostics/known-error.ts';
import { parseDockerfile } from '../../dockerfile/dockerfile.ts';
import type { Digest } from '../../image/digest.ts';
import type { ContainerConfig } from '../../image/image-config.ts';
import type { BaseImageResolver, BuildPlan, FrontendOptions } from './build-plan.ts';
import { planBuild } from './frontend.ts';

export const IMAGE_DIGEST = `sha256:${'a'.repeat(64)}` as Digest;
export const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
export const AMD64 = { os: 'linux', architecture: 'amd64' };

const IMAGES: Readonly<Record<string, ContainerConfig>> = {
  'docker.io/library/busybox:latest': { Env: [PATH], Cmd: ['sh'] },
  'docker.io/library/app:1': {
    Env: [PATH, 'A=base'],
    WorkingDir: '/app',
    User: 'app',
    Cmd: ['run'],
    Labels: { l: '1' },
  },
  'docker.io/library/trigger:latest': {
    Env: [PATH],
    OnBuild: ['ARG X=1', 'COPY --from=busybox /bin/ls /ls', 'RUN echo $X'],
  },
};

/** Knows a few images and remembers what it was asked for. */
export class FakeResolver implements BaseImageResolver {
  readonly asked: string[] = [];

  resolve: BaseImageResolver['resolve'] = async (reference, platform) => {
    this.asked.push(reference);
    const config = IMAGES[reference];
    if (config === undefined) throw new KnownError('IMAGE_NOT_FOUND', `There is no image ${reference}.`);
    const image = { ...AMD64, author: 'somebody', config, rootfs: { type: 'layers', diff_ids: [] } } as const;
    return { reference: `${reference}@${IMAGE_DIGEST}`, manifestDigest: IMAGE_DIGEST, platform, config: image };
  };
}

export function plan(
  text: string,
  options: Partial<FrontendOptions> = {},
  resolver: BaseImageResolver = new FakeResolver(),
): Promise<BuildPlan> {
  const defaults: FrontendOptions = {
    buildArgs: {},
    labels: {},
    platform: AMD64,
    buildPlatform: AMD64,
    namedContexts: {},
    ignoreCache: false,
    network: 'default',
    extraHosts: [],
    ulimits: [],
    allow: [],
  };
  return planBuild(parseDockerfile(text), { ...defaults, ...options }, resolver, new AbortController().signal);
}

/** `+` in front of what made a layer, `-` in front of what did not. */
export function historyOf({ history }: BuildPlan): readonly string[] {
  return history.map(({ createdBy, vertex }) => `${vertex === undefined ? '-' : '+'} ${createdBy}`);
}

/** In the graph's order; images by their short name. */
export function namesOf({ graph }: BuildPlan): readonly string[] {
  return graph.vertices.map(({ name }) => name.replace(`@${IMAGE_DIGEST}`, '').replace('docker.io/library/', ''));
}
