import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createRig, importBusybox, namesIn, type Rig } from './rig.ts';

interface Mistake {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly args?: (rig: Rig) => readonly string[];
  readonly exitCode: 1 | 2;
  readonly shows: readonly RegExp[];
}

const MISTAKES: readonly Mistake[] = [
  { title: 'no Dockerfile', files: { 'main.go': '' }, exitCode: 1, shows: [/DOCKERFILE_NOT_FOUND/] },
  { title: 'a Dockerfile of another name', files: { dockerfile: '' }, exitCode: 1, shows: [/There is "dockerfile"/] },
  {
    title: 'no context',
    files: {},
    args: (rig) => ['build', join(rig.dir, 'contxt')],
    exitCode: 1,
    shows: [/CONTEXT_NOT_FOUND/, /Did you mean/],
  },
  {
    title: 'an unknown instruction',
    files: { Dockerfile: 'FROM scratch\nCOPPY a b\n' },
    exitCode: 1,
    shows: [/Dockerfile:2:1: error/, /COPPY/, /COPY/, /> 2 \| COPPY a b/],
  },
  {
    title: 'a missing COPY source',
    files: { Dockerfile: 'FROM scratch\nCOPY go.sun /\n', 'go.sum': '' },
    exitCode: 1,
    shows: [/Dockerfile:2:\d+: error: "go.sun" is not in the build context/, /Did you mean "go.sum"/],
  },
  {
    title: 'a COPY source beside the context',
    files: { Dockerfile: 'FROM scratch\nCOPY a/../../shared/x /\n', x: '' },
    exitCode: 1,
    shows: [
      /"shared\/x" is not in the build context/,
      /"\.\." cannot leave the build context/,
      /Did you mean "x"/,
      /--build-context/,
    ],
  },
  {
    title: 'a COPY source that .dockerignore hides',
    files: { Dockerfile: 'FROM scratch\nCOPY secret.txt /\n', 'secret.txt': '', '.dockerignore': '# none\n*.txt\n' },
    exitCode: 1,
    shows: [/hidden by \.dockerignore:2/],
  },
  {
    title: 'a missing stage',
    files: { Dockerfile: 'FROM scratch AS builder\nFROM scratch\nCOPY --from=bulider /a /\n' },
    exitCode: 1,
    shows: [/Dockerfile:3:/, /builder/],
  },
  {
    title: 'a missing target',
    files: { Dockerfile: 'FROM scratch AS builder\n' },
    args: (rig) => ['build', '--target', 'buidler', join(rig.dir, 'context')],
    exitCode: 1,
    shows: [/TARGET_MISSING/, /builder/],
  },
  {
    title: 'an unreachable registry',
    files: { Dockerfile: 'FROM 127.0.0.1:9/nobody/home:1\n' },
    exitCode: 1,
    shows: [/Dockerfile:1:/, /REGISTRY_UNREACHABLE/],
  },
  {
    title: 'an unknown flag',
    files: { Dockerfile: 'FROM scratch\n' },
    args: (rig) => ['build', '--targett', 'x', join(rig.dir, 'context')],
    exitCode: 2,
    shows: [/--targett/, /--target/],
  },
  {
    title: 'an unknown command',
    files: {},
    args: () => ['biuld'],
    exitCode: 2,
    shows: [/Did you mean "slipway build"/],
  },
  {
    title: 'a failing RUN',
    files: { Dockerfile: 'FROM busybox\nRUN echo before; ls /nosuch\n' },
    exitCode: 1,
    shows: [
      /Dockerfile:2:1: error: RUN exited with code 1/,
      /> 2 \| RUN echo before/,
      /\| before/,
      /No such file/,
      /whole log: \S+\.log/,
    ],
  },
];

for (const { title, files, args, exitCode, shows } of MISTAKES) {
  test(`${title} is told with its place, not a stack`, (t) => {
    const rig = createRig(t);
    if (files['Dockerfile']?.includes('busybox')) importBusybox(rig);
    const context = rig.files('context', files);
    const { status, stderr } = rig.slipway(...(args?.(rig) ?? ['build', context]));
    assert.equal(status, exitCode, stderr);
    for (const pattern of shows) assert.match(stderr, pattern);
    assert.doesNotMatch(stderr, /\n {4}at |This is a bug/);
  });
}

test('a full disk is told, and nothing half made is left', {
  skip: process.getuid?.() !== 0 && 'a small disk needs root',
}, (t) => {
  const rig = createRig(t);
  mkdirSync(rig.store);
  const context = rig.files('context', { Dockerfile: 'FROM scratch\nCOPY big /\n' });
  writeFileSync(join(context, 'big'), Buffer.alloc(16 << 20));
  assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', rig.store]).status, 0);
  try {
    const { status, stderr } = rig.slipway('build', context);
    assert.equal(status, 1);
    assert.match(stderr, /DISK_FULL/);
    assert.doesNotMatch(stderr, /This is a bug/);
    assert.deepEqual(namesIn(join(rig.store, 'snapshots')), []);
  } finally {
    spawnSync('umount', [rig.store]);
  }
});

test('a corrupt layer is told, whichever way it comes', (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const archive = join(rig.dir, 'image.tar');
  rig.ok('save', '--format', 'oci-archive', '-o', archive, 'busybox');
  const bytes = readFileSync(archive);
  bytes.fill('damage', bytes.length >> 1, (bytes.length >> 1) + 64);
  writeFileSync(archive, bytes);
  // A store that has the blob already would not read this one.
  const loaded = rig.slipway('load', '--root', join(rig.dir, 'other'), '-i', archive);
  assert.equal(loaded.status, 1);
  assert.match(loaded.stderr, /\((?:DIGEST_MISMATCH|LAYER_CORRUPT|IMAGE_CORRUPT|ARCHIVE_INVALID)\)/);
  assert.doesNotMatch(loaded.stderr, /This is a bug/);
});
