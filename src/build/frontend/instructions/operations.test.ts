import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ExecOp, Op } from '../../graph/op.ts';
import type { FrontendOptions } from '../build-plan.ts';
import { AMD64, PATH, plan } from '../plan.fixture.ts';

async function lastOp(text: string, options: Partial<FrontendOptions> = {}): Promise<Op | undefined> {
  return (await plan(`FROM busybox AS base\n${text}\n`, options)).graph.target?.op;
}

async function exec(text: string, options: Partial<FrontendOptions> = {}): Promise<ExecOp> {
  const op = await lastOp(text, options);
  assert.equal(op?.kind, 'exec');
  return op;
}

describe('operation of', () => {
  const copy = { kind: 'copy', onScratch: false, parents: false, exclude: [] } as const;
  const path = { type: 'path', input: 1, unpack: 'never' } as const;
  const sha256 = `sha256:${'0'.repeat(64)}` as const;
  const cases: Readonly<Record<string, unknown>> = {
    'WORKDIR /a/../b/': { kind: 'mkdir', path: '/b' },
    'USER 1:2\nWORKDIR b': { kind: 'mkdir', path: '/b', user: '1:2' },
    'COPY a b/ ../c /d/': {
      ...copy,
      sources: [...['/a', '/b'].map((pattern) => ({ ...path, pattern })), { ...path, pattern: '/c', leavesRoot: true }],
      destination: '/d/',
    },
    'WORKDIR /w\nCOPY a .': { ...copy, sources: [{ ...path, pattern: '/a' }], destination: '/w/' },
    'WORKDIR /w\nCOPY a x/.': { ...copy, sources: [{ ...path, pattern: '/a' }], destination: '/w/x/' },
    'ENV U=1\nCOPY --chown=$U:$U --chmod=u=rwX --exclude=$U --exclude=b . /': {
      ...copy,
      sources: [{ ...path, pattern: '/' }],
      destination: '/',
      chown: '1:1',
      chmod: 'u=rwX',
      exclude: ['$U', 'b'],
    },
    'COPY --parents a/./b/*.go c /d/': {
      ...copy,
      sources: [
        { ...path, pattern: '/a', include: 'b/*.go' },
        { ...path, pattern: '/', include: 'c' },
      ],
      destination: '/d/',
      parents: true,
    },
    'ENV X=1\nCOPY <<A <<\'B\' /d/\n$X "q" \\$X\nA\n$X\nB': {
      ...copy,
      sources: [
        { type: 'inline', fileName: 'A', content: '1 "q" $X\n' },
        { type: 'inline', fileName: 'B', content: '$X\n' },
      ],
      destination: '/d/',
    },
    'ADD a.tar /': { ...copy, sources: [{ ...path, pattern: '/a.tar', unpack: 'auto' }], destination: '/' },
    'ADD --unpack=false a.tar /': { ...copy, sources: [{ ...path, pattern: '/a.tar' }], destination: '/' },
    'ADD https://e.x/d/a%20b.tgz?q=1 /': {
      ...copy,
      sources: [{ ...path, pattern: '/a b.tgz', literal: true }],
      destination: '/',
    },
    'ADD --unpack https://e.x/ /': {
      ...copy,
      sources: [{ ...path, pattern: '/__unnamed__', unpack: 'auto', literal: true }],
      destination: '/',
    },
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () => assert.deepEqual(await lastOp(text), expected));
  }

  it('a download with a checksum', async () => {
    const { graph } = await plan(`FROM scratch\nADD --checksum=${sha256} https://e.x/a /`);
    assert.deepEqual(graph.vertices[0]?.op, {
      kind: 'fetch',
      source: { type: 'http', url: 'https://e.x/a', fileName: 'a', checksum: sha256 },
    });
  });

  it('a git repository', async () => {
    const { graph } = await plan('FROM scratch\nADD --keep-git-dir git@e.x:a/b.git#v1:sub /');
    assert.deepEqual(graph.vertices[0]?.op, {
      kind: 'fetch',
      source: { type: 'git', remote: 'git@e.x:a/b.git', ref: 'v1', subdir: 'sub', keepGitDir: true },
    });
  });

  it('a linked copy on scratch is the copy alone; --chmod makes it an ordinary one', async () => {
    const { graph } = await plan('FROM scratch\nCOPY --link a /\nCOPY --link --chmod=755 b /');
    assert.deepEqual(
      graph.vertices.map(({ op }) => op.kind),
      ['context', 'copy', 'copy'],
    );
  });
});

describe('RUN', () => {
  it('has the stage for its environment', async () => {
    const text = 'ARG A=1\nARG N\nENV B=2\nARG A=3\nUSER u\nWORKDIR /w\nRUN x';
    assert.deepEqual(await exec(text), {
      kind: 'exec',
      onScratch: false,
      argv: ['/bin/sh', '-c', 'x'],
      env: [PATH, 'B=2', 'A=3'],
      envOutsideKey: [],
      cwd: '/w',
      user: 'u',
      mounts: [],
      network: 'default',
      security: 'sandbox',
      extraHosts: [],
      ulimits: [],
      platform: AMD64,
      files: [],
    });
  });

  it('gets proxies outside the key unless they are declared', async () => {
    const buildArgs = { https_proxy: 'p', NO_PROXY: 'n' };
    const hidden = await exec('RUN x', { buildArgs });
    assert.deepEqual(hidden.env, [PATH, 'HTTPS_PROXY=p', 'https_proxy=p', 'NO_PROXY=n', 'no_proxy=n']);
    assert.deepEqual(hidden.envOutsideKey, ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy']);
    const declared = await exec('ARG https_proxy\nRUN x', { buildArgs });
    assert.deepEqual(declared.envOutsideKey, ['HTTPS_PROXY', 'NO_PROXY', 'no_proxy']);
  });

  it('takes what the options and build args say of its sandbox', async () => {
    const op = await exec('RUN --security=insecure --network=host x', {
      allow: ['security.insecure', 'network.host'],
      buildArgs: { BUILDKIT_SANDBOX_HOSTNAME: 'h' },
      shmSizeBytes: 5,
      extraHosts: [{ name: 'a', address: '1.2.3.4' }],
    });
    const { security, network, hostname, shmSizeBytes, extraHosts } = op;
    assert.deepEqual([security, network, hostname, shmSizeBytes], ['insecure', 'host', 'h', 5]);
    assert.deepEqual(extraHosts, [{ name: 'a', address: '1.2.3.4' }]);
    assert.equal((await exec('RUN x', { network: 'none' })).network, 'none');
    assert.equal((await exec('RUN --network=host x', { network: 'host' })).network, 'host');
  });

  it('runs a script by its own interpreter', async () => {
    const { argv, files } = await exec('RUN <<-S\n#!/bin/ash\n\techo $X\nS');
    assert.deepEqual(argv, ['/bin/sh', '-c', '/dev/pipes/S']);
    assert.deepEqual(files, [{ path: '/dev/pipes/S', content: '#!/bin/ash\necho $X\n', mode: 0o755 }]);
  });
});

describe('RUN --mount', () => {
  const cases: Readonly<Record<string, unknown>> = {
    'target=/t': { type: 'bind', input: 1, source: '/', target: '/t', readWrite: false },
    'source=a/../b,target=t,rw': { type: 'bind', input: 1, source: '/b', target: '/w/t', readWrite: true },
    'from=base,target=/t': { type: 'bind', input: 0, source: '/', target: '/t', readWrite: false },
    'type=tmpfs,target=/t,size=1k': { type: 'tmpfs', target: '/t', sizeBytes: 1024 },
    'type=tmpfs,target=/t': { type: 'tmpfs', target: '/t' },
    'type=cache,target=/c/': { type: 'cache', id: '/c', sharing: 'shared', target: '/c', readOnly: false },
    'type=cache,target=c,id=$ID,sharing=locked,ro': {
      type: 'cache',
      id: 'one',
      sharing: 'locked',
      target: '/w/c',
      readOnly: true,
    },
    'type=cache,target=/c,from=base,source=/s,uid=5': {
      type: 'cache',
      id: '/c',
      sharing: 'shared',
      target: '/c',
      readOnly: false,
      from: { input: 0, source: '/s' },
    },
    'type=cache,target=/c,from=base,uid=5': {
      type: 'cache',
      id: '/c',
      sharing: 'shared',
      target: '/c',
      readOnly: false,
      mode: 0o755,
      uid: 5,
      gid: 0,
    },
    'type=secret,id=a/b': {
      type: 'secret',
      id: 'a/b',
      target: '/run/secrets/b',
      required: false,
      mode: 0o400,
      uid: 0,
      gid: 0,
    },
    'type=secret,id=a,env=B,required,mode=440': {
      type: 'secret',
      id: 'a',
      env: 'B',
      required: true,
      mode: 0o440,
      uid: 0,
      gid: 0,
    },
    'type=secret,target=/x/y,env=B': {
      type: 'secret',
      id: 'y',
      target: '/x/y',
      env: 'B',
      required: false,
      mode: 0o400,
      uid: 0,
      gid: 0,
    },
    'type=ssh,uid=3': {
      type: 'ssh',
      id: 'default',
      target: '/run/buildkit/ssh_agent.0',
      required: false,
      mode: 0o600,
      uid: 3,
      gid: 0,
    },
  };
  for (const [value, expected] of Object.entries(cases)) {
    it(value, async () => {
      // Nothing but the base precedes, so that it is the root of the step as well.
      const { mounts } = await exec(
        `ENV ID=one\nFROM base\nENV PWD=/w\nRUN --mount=${value.replace(/target=([ct])\b/, 'target=/w/$1')} x`,
      );
      assert.deepEqual(mounts, [expected]);
    });
  }

  it('resolves a relative target in the working directory', async () => {
    const { mounts } = await exec('WORKDIR /w\nRUN --mount=target=t x');
    assert.equal(mounts[0]?.type === 'bind' && mounts[0].target, '/w/t');
  });

  it('orders files by target, then secrets, then agents, and says where the first agent is', async () => {
    const op = await exec(
      'RUN --mount=type=ssh --mount=type=secret,id=s --mount=target=/b --mount=type=ssh,id=k --mount=type=tmpfs,target=/a x',
    );
    assert.deepEqual(
      op.mounts.map((mount) => mount.target),
      ['/a', '/b', '/run/secrets/s', '/run/buildkit/ssh_agent.0', '/run/buildkit/ssh_agent.1'],
    );
    assert.deepEqual(op.env, [PATH, 'SSH_AUTH_SOCK=/run/buildkit/ssh_agent.0']);
  });

  it('keeps caches apart by a namespace', async () => {
    const { mounts } = await exec('RUN --mount=type=cache,target=/c,id=go x', {
      buildArgs: { BUILDKIT_CACHE_MOUNT_NS: 'ns' },
    });
    assert.equal(mounts[0]?.type === 'cache' && mounts[0].id, 'ns/go');
  });

  it('reads an empty root where a stage has nothing', async () => {
    const { graph } = await plan('FROM scratch AS e\nFROM busybox\nRUN --mount=from=e,target=/e x');
    const [, empty] = graph.target?.inputs ?? [];
    assert.deepEqual(empty?.inputs, []);
    assert.equal(empty?.op.kind, 'copy');
  });
});
