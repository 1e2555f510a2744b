import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ContainerConfig } from '../../image/image-config.ts';
import { FakeResolver, historyOf, namesOf, PATH, plan } from './plan.fixture.ts';

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
    const text = `FROM busybox AS builder
      WORKDIR /src
      COPY go.mod ./
      RUN go mod download
      FROM missing AS other
      RUN x
      FROM scratch
      COPY --from=builder /app /app`;
    const result = await plan(text, {}, resolver);
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
    assert.equal(result.stageName, undefined);
  });

  it('asks for an image once and gives its vertex to every stage on it', async () => {
    const resolver = new FakeResolver();
    const result = await plan('FROM busybox AS a\nRUN 1\nFROM busybox\nCOPY --from=a /x /\n', {}, resolver);
    assert.deepEqual(resolver.asked, ['docker.io/library/busybox:latest']);
    assert.deepEqual(namesOf(result), [
      '[a 1/2] FROM busybox:latest',
      '[a 2/2] RUN 1',
      '[stage-1 2/2] COPY --from=a /x /',
    ]);
  });

  it('lays a linked copy on the root', async () => {
    const { graph } = await plan('FROM busybox\nCOPY --link a /a\n');
    const [root, context, copy, merge] = graph.vertices;
    assert.deepEqual(copy?.inputs, [context]);
    assert.deepEqual(merge?.inputs, [root, copy]);
    assert.deepEqual(merge?.op, { kind: 'merge' });
    assert.equal(merge?.step, copy?.step);
  });

  it('is the same for the same text, and another where the cache is ignored', async () => {
    const text = 'FROM busybox\nRUN x\nCOPY a /\n';
    const [first, second] = [await plan(text), await plan(`# a comment\n${text}`)];
    assert.equal(first.graph.target?.digest, second.graph.target?.digest);
    const anew = await plan(text, { ignoreCache: true });
    assert.notEqual(anew.graph.target?.digest, first.graph.target?.digest);
    assert.equal(anew.graph.target?.ignoreCache, true);
  });

  it('of an empty scratch has nothing to build', async () => {
    const { graph } = await plan('FROM scratch\n');
    assert.deepEqual(graph, { vertices: [], target: undefined });
  });
});

describe('triggers of a base', () => {
  it('run first, may need further images, and are not passed on', async () => {
    const result = await plan('FROM trigger AS a\nFROM a\nRUN x\n');
    assert.deepEqual(namesOf(result), [
      '[a 1/1] FROM trigger:latest',
      'FROM busybox:latest',
      '[a 2/4] ONBUILD COPY --from=busybox /bin/ls /ls',
      '[a 3/4] ONBUILD RUN echo 1',
      '[stage-1 1/1] RUN x',
    ]);
    assert.equal(result.config.OnBuild, undefined);
  });

  it('are those of an earlier stage too', async () => {
    const result = await plan('FROM busybox AS a\nONBUILD ENV X=1\nFROM a\nRUN echo $X\n');
    assert.deepEqual(historyOf(result), ['- ENV X=1', '+ RUN /bin/sh -c echo $X # buildkit']);
  });
});

describe('named contexts', () => {
  it('replace an image by another, whatever the spelling', async () => {
    const namedContexts = { 'docker.io/library/go:latest': { type: 'image', reference: 'busybox' } } as const;
    const result = await plan('FROM go\nRUN x\n', { namedContexts });
    assert.deepEqual(namesOf(result), ['[context go:latest] busybox', '[1/2] RUN x']);
  });

  it('replace a stage and all its instructions', async () => {
    const text = 'FROM missing AS src\nRUN fail\nFROM scratch\nCOPY --from=src a /\n';
    const result = await plan(text, { namedContexts: { src: { type: 'local' } } });
    assert.deepEqual(namesOf(result), ['[context src] load from client', '[stage-1 1/1] COPY --from=src a /']);
  });

  it('are a layer where a stage is built on one', async () => {
    const result = await plan('FROM src\nCOPY a /\n', { namedContexts: { src: { type: 'local' } } });
    const [, layer, copy] = result.graph.vertices;
    assert.deepEqual(historyOf(result), ['+ COPY a / # buildkit', '+ [1/2] COPY a /']);
    assert.deepEqual(
      result.history.map(({ vertex }) => vertex?.digest),
      [layer?.digest, result.graph.target?.digest],
    );
    assert.equal(copy?.name, '[internal] load build context');
  });
});

describe('platform', () => {
  const arm64 = { os: 'linux', architecture: 'arm64' };

  it("is the base image's own where none was asked for", async () => {
    assert.deepEqual((await plan('FROM busybox\n', { platform: arm64 })).platform, {
      os: 'linux',
      architecture: 'amd64',
    });
  });

  it('is the one asked for', async () => {
    const { platform } = await plan('FROM busybox\n', { platform: arm64, platformRequested: true });
    assert.deepEqual(platform, arm64);
  });

  it('stands in the names of a build for several', async () => {
    const text = 'FROM --platform=$BUILDPLATFORM busybox\nARG TARGETARCH\nRUN x\n';
    const result = await plan(text, { platform: arm64, platformRequested: true, multiPlatform: true });
    assert.deepEqual(namesOf(result), ['[linux/amd64 1/2] FROM busybox:latest', '[linux/amd64->arm64 2/2] RUN x']);
  });
});

describe('other parts of the plan', () => {
  it('names the ids that mounts need, of every stage', async () => {
    const text = `FROM busybox AS a
      RUN --mount=type=secret,id=token x
      FROM busybox
      COPY --from=a /x /
      RUN --mount=type=ssh y`;
    const ids = (await plan(text)).mountIds.map(({ type, id, range }) => [type, id, range.start.line]);
    assert.deepEqual(ids, [
      ['secret', 'token', 2],
      ['ssh', 'default', 5],
    ]);
  });

  it('names build args that nothing reads', async () => {
    const buildArgs = { A: '1', B: '2', HTTPS_PROXY: 'p', BUILDKIT_SYNTAX: 's', SOURCE_DATE_EPOCH: '5' };
    const result = await plan('ARG A\nFROM busybox\n', { buildArgs });
    assert.deepEqual(result.unusedBuildArgs, ['B']);
    assert.equal(result.epochSeconds, 5);
  });

  it('keeps the author of the base', async () => {
    assert.equal((await plan('FROM busybox\n')).author, 'somebody');
    assert.equal((await plan('FROM busybox\nMAINTAINER me\n')).author, 'me');
  });
});
