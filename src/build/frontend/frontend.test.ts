import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KnownError } from '../../diagnostics/known-error.ts';
import { parseDockerfile } from '../../dockerfile/dockerfile.ts';
import type { Digest } from '../../image/digest.ts';
import type { ContainerConfig } from '../../image/image-config.ts';
import type { BaseImageResolver, BuildPlan, FrontendOptions } from './build-plan.ts';
import { planBuild } from './frontend.ts';

const DIGEST = `sha256:${'a'.repeat(64)}` as Digest;
const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const AMD64 = { os: 'linux', architecture: 'amd64' };

const IMAGES: Readonly<Record<string, ContainerConfig>> = {
  'docker.io/library/busybox:latest': { Env: [PATH], Cmd: ['sh'] },
  'docker.io/library/app:1': {
    Env: [PATH, 'A=base'],
    WorkingDir: '/app',
    User: 'app',
    Cmd: ['run'],
    Labels: { l: '1' },
  },
  'docker.io/library/trigger:latest': { OnBuild: ['COPY --from=busybox /bin/ls /ls', 'RUN echo $X'] },
};

/** Knows a few images and remembers what it was asked for. */
class FakeResolver implements BaseImageResolver {
  readonly asked: string[] = [];

  resolve: BaseImageResolver['resolve'] = async (reference, platform) => {
    this.asked.push(reference);
    const config = IMAGES[reference];
    if (config === undefined) throw new KnownError('IMAGE_NOT_FOUND', `There is no image ${reference}.`);
    const image = { ...AMD64, config, rootfs: { type: 'layers', diff_ids: [] } } as const;
    return { reference: `${reference}@${DIGEST}`, manifestDigest: DIGEST, platform, config: image };
  };
}

function plan(
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

const historyOf = ({ history }: BuildPlan): string[] =>
  history.map(({ createdBy, vertex }) => (vertex === undefined ? `- ${createdBy}` : `+ ${createdBy}`));

const namesOf = ({ graph }: BuildPlan): string[] =>
  graph.vertices.map(({ name }) => name.replace(`@${DIGEST}`, '').replace('docker.io/library/', ''));

describe('history', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'ENV A=b C="d e"': ['- ENV A=b C=d e'],
    'ENV A b c': ['- ENV A=b c'],
    'ENV A=1\nENV B=$A-$A': ['- ENV A=1', '- ENV B=1-1'],
    'ENV A=1\nENV A=2 B=$A': ['- ENV A=1', '- ENV A=2 B=1'],
    'RUN echo hi': ['+ RUN /bin/sh -c echo hi # buildkit'],
    'RUN ["a", "b c"]': ['+ RUN a b c # buildkit'],
    'SHELL ["/bin/ash", "-ec"]\nRUN x': ['- SHELL [/bin/ash -ec]', '+ RUN /bin/ash -ec x # buildkit'],
    'ARG A=1 B C=$A\nRUN x': ['- ARG A=1 B C=1', '+ RUN |3 A=1 B= C=1 /bin/sh -c x # buildkit'],
    'ARG A=1\nENV A=2\nRUN x': ['- ARG A=1', '- ENV A=2', '+ RUN |1 A=2 /bin/sh -c x # buildkit'],
    'ENV A=2\nARG A=1\nRUN x': ['- ENV A=2', '- ARG A=1', '+ RUN |1 A=1 /bin/sh -c x # buildkit'],
    'ARG TARGETARCH\nARG TARGETVARIANT': ['- ARG TARGETARCH=amd64', '- ARG TARGETVARIANT='],
    'WORKDIR /a/../b': ['+ WORKDIR /a/../b'],
    'WORKDIR a\nWORKDIR ../b/\nWORKDIR /': ['+ WORKDIR /a', '+ WORKDIR /b', '- WORKDIR /'],
    'COPY --chown=1:2 --chmod=755 --link a b /c/': ['+ COPY --chown=1:2 --chmod=755 a b /c/ # buildkit'],
    'COPY --parents a/./b /c': ['+ COPY --parents a/./b /c # buildkit'],
    'COPY <<A <<B /d/\nx\nA\ny\nB': ['+ COPY <<A <<B /d/ # buildkit'],
    'ADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 https://e.x/a /': [
      '+ ADD https://e.x/a / # buildkit',
    ],
    'RUN <<EOF\necho hi\nEOF': ['+ RUN /bin/sh -c echo hi\n # buildkit'],
    'RUN <<EOF\n#!/bin/ash\nEOF': ['+ RUN /bin/sh -c /dev/pipes/EOF # buildkit'],
    'RUN cat <<-A <<B\n\tx\nA\ny\nB': ['+ RUN /bin/sh -c cat <<-A <<B\n\tx\nA\ny\nB # buildkit'],
    'CMD echo "hi"': ['- CMD ["/bin/sh" "-c" "echo \\"hi\\""]'],
    'CMD []': ['- CMD []'],
    'ENTRYPOINT ["a\\tb"]': ['- ENTRYPOINT ["a\\tb"]'],
    'EXPOSE 80 443/UDP 90-91': ['- EXPOSE [443/udp 80/tcp 90/tcp 91/tcp]'],
    'VOLUME /a /b': ['- VOLUME [/a /b]'],
    'LABEL a=b "c d"=\'e f\'': ['- LABEL a=b c d=e f'],
    'USER a:b': ['- USER a:b'],
    'STOPSIGNAL SIGUSR1': ['- STOPSIGNAL SIGUSR1'],
    'MAINTAINER me you': ['- MAINTAINER me you'],
    'ONBUILD RUN x': [],
    'HEALTHCHECK --interval=90s --timeout=1500ms --retries=65 CMD ["a"]': [
      `- HEALTHCHECK &{["CMD" "a"] "1m30s" "1.5s" "0s" "0s" 'A'}`,
    ],
    'HEALTHCHECK NONE': [`- HEALTHCHECK &{["NONE"] "0s" "0s" "0s" "0s" '\\x00'}`],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(`of ${JSON.stringify(text)}`, async () => {
      assert.deepEqual(historyOf(await plan(`FROM busybox\n${text}\n`)), expected);
    });
  }
});

describe('config', () => {
  const inherited = { Env: [PATH, 'A=base'], WorkingDir: '/app', User: 'app', Cmd: ['run'], Labels: { l: '1' } };
  const cases: Readonly<Record<string, ContainerConfig>> = {
    '': inherited,
    'ENV A=1 B=2': { ...inherited, Env: [PATH, 'A=1', 'B=2'] },
    'WORKDIR sub': { ...inherited, WorkingDir: '/app/sub' },
    'CMD ["x"]\nENTRYPOINT ["e"]': { ...inherited, Cmd: ['x'], ArgsEscaped: true, Entrypoint: ['e'] },
    'LABEL l=2 m=3': { ...inherited, Labels: { l: '2', m: '3' } },
    'ONBUILD RUN x': { ...inherited, OnBuild: ['RUN x'] },
    'HEALTHCHECK --start-interval=2s --start-period=0s CMD x': {
      ...inherited,
      Healthcheck: { Test: ['CMD-SHELL', 'x'], StartInterval: 2e9 },
    },
    'VOLUME ["/x y"]': { ...inherited, Volumes: { '/x y': {} } },
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(`of ${JSON.stringify(text)}`, async () => {
      assert.deepEqual((await plan(`FROM app:1\n${text}\n`)).config, expected);
    });
  }

  it('loses an inherited command to an entrypoint', async () => {
    const { Cmd: _, ...rest } = inherited;
    const { config } = await plan('FROM app:1\nENTRYPOINT ["e"]\n');
    assert.deepEqual(config, { ...rest, Entrypoint: ['e'] });
  });

  it('of scratch has the default path and the root directory', async () => {
    assert.deepEqual((await plan('FROM scratch\n')).config, { WorkingDir: '/', Env: [PATH] });
  });

  it('takes labels from the options last', async () => {
    const { config } = await plan('FROM scratch\nLABEL a=1 b=1\n', { labels: { b: '2' } });
    assert.deepEqual(config.Labels, { a: '1', b: '2' });
  });
});

describe('graph', () => {
  it('names steps as BuildKit does and leaves out what the target does not need', async () => {
    const resolver = new FakeResolver();
    const result = await plan(
      'FROM busybox AS builder\nWORKDIR /src\nCOPY go.mod ./\nRUN go mod download\nFROM missing AS other\nRUN x\nFROM scratch\nCOPY --from=builder /app /app\n',
      {},
      resolver,
    );
    assert.deepEqual(resolver.asked, ['docker.io/library/busybox:latest']);
    assert.deepEqual(namesOf(result), [
      '[builder 1/4] FROM busybox:latest',
      '[builder 2/4] WORKDIR /src',
      '[internal] load build context',
      '[builder 3/4] COPY go.mod ./',
      '[builder 4/4] RUN go mod download',
      '[stage-2 1/1] COPY --from=builder /app /app',
    ]);
    assert.equal(result.base, undefined);
  });

  it('lays a linked copy on the root', async () => {
    const { graph } = await plan('FROM busybox\nCOPY --link a /a\n');
    const [root, context, copy, merge] = graph.vertices;
    assert.deepEqual(copy?.inputs, [context]);
    assert.deepEqual(merge?.inputs, [root, copy]);
    assert.equal(merge?.op.kind, 'merge');
  });
});
