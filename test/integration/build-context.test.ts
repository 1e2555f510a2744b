import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { createRig, namesIn, SLIPWAY } from './rig.ts';
import { built, GitServer, hasGit, run, startHttp } from './servers.ts';
import { tarBytes } from './tar-bytes.ts';

const COPY_ALL = 'FROM scratch\nCOPY . /all\n';
const ARCHIVE = gzipSync(
  tarBytes([
    ['Dockerfile', COPY_ALL, { uid: 7, gid: 8 }],
    ['.dockerignore', 'f\n'],
    ['f', 'f', { uid: 7, gid: 8, mode: 0o640 }],
    ['sub/Other', 'FROM scratch\nCOPY f /f\n'],
  ]),
);
const ARCHIVE_LINES = [
  '640 7:8 all/f',
  '644 0:0 all/.dockerignore',
  '644 0:0 all/sub/Other',
  '644 7:8 all/Dockerfile',
  '755 0:0 all/',
  '755 0:0 all/sub/',
];

test('an archive on stdin is the context, owners and all', async (t) => {
  const rig = createRig(t);
  assert.deepEqual((await built(rig, ['-'], { stdin: ARCHIVE })).lines, ARCHIVE_LINES);
  assert.deepEqual((await built(rig, ['-f', 'sub/Other', '-'], { stdin: ARCHIVE })).lines, ['640 7:8 f']);
});

test('anything else on stdin is a Dockerfile without a context', async (t) => {
  const rig = createRig(t);
  const { lines } = await built(rig, ['-'], { stdin: 'FROM scratch\nCOPY <<f /f\nhello\nf\n' });
  assert.deepEqual(lines, ['644 0:0 f']);
  const { output } = await run(rig, ['build', '-'], { stdin: 'FROM scratch\nCOPY f /\n' });
  assert.match(output, /Dockerfile:2:\d+: error: "f" is not in the build context/);
});

test('stdin is one thing only', async (t) => {
  const rig = createRig(t);
  for (const [args, stdin] of [
    [['-f', '-', '-'], COPY_ALL],
    [['-f', 'x', '-'], COPY_ALL],
  ] as const) {
    const { status, output } = await run(rig, ['build', ...args], { stdin });
    assert.equal(status, 2);
    assert.match(output, /USAGE/);
  }
  assert.match((await run(rig, ['build', '-'])).output, /CONTEXT_FETCH_FAILED/);
});

test('a hostile archive on stdin is refused', async (t) => {
  const rig = createRig(t);
  const { status, output } = await run(rig, ['build', '-'], { stdin: tarBytes([['../Dockerfile', COPY_ALL]]) });
  assert.equal(status, 1);
  assert.match(output, /ARCHIVE_INVALID/);
});

test('a URL is an archive or a Dockerfile, fetched once', async (t) => {
  const rig = createRig(t);
  const http = await startHttp(t, { '/ctx.tgz': ARCHIVE, '/df': COPY_ALL });
  assert.deepEqual((await built(rig, [`${http.url}/ctx.tgz`])).lines, ARCHIVE_LINES);
  assert.deepEqual((await built(rig, ['-f', 'sub/Other', `${http.url}/ctx.tgz`])).lines, ['640 7:8 f']);
  assert.deepEqual(http.takeLog(), ['200 /ctx.tgz', '304 /ctx.tgz']);
  assert.deepEqual((await built(rig, [`${http.url}/df`])).lines, ['600 0:0 all/context', '755 0:0 all/']);
  const gone = await run(rig, ['build', `${http.url}/gone`]);
  assert.match(gone.output, /404.*CONTEXT_FETCH_FAILED/);
});

test('a Dockerfile from a URL or stdin builds a directory', async (t) => {
  const rig = createRig(t);
  const http = await startHttp(t, { '/df': COPY_ALL });
  const context = rig.files('context', { f: 'f', '.dockerignore': 'hidden', hidden: '' });
  const lines = ['644 0:0 all/.dockerignore', '644 0:0 all/f', '755 0:0 all/'];
  assert.deepEqual((await built(rig, ['-f', `${http.url}/df`, context])).lines, lines);
  assert.deepEqual((await built(rig, ['-f', '-', context], { stdin: COPY_ALL })).lines, lines);
});

test('a repository is the context', { skip: !hasGit && 'git is not installed' }, async (t) => {
  const rig = createRig(t);
  const server = new GitServer(join(rig.dir, 'git'));
  const base = await server.start(t);
  server.commit('app', {
    Dockerfile: COPY_ALL,
    f: 'one',
    '.dockerignore': 'f',
    'sub/Dockerfile': COPY_ALL,
    'sub/x': '',
  });
  server.git('app', 'tag', 'v1');
  server.commit('app', { f: 'two' });
  const main = await built(rig, [`${base}/app`]);
  assert.equal(main.texts['all/f'], 'two');
  assert.equal(
    main.lines.some((line) => line.includes('.git/')),
    false,
  );
  assert.equal((await built(rig, [`${base}/app#v1`])).texts['all/f'], 'one');
  assert.deepEqual((await built(rig, [`${base}/app#v1:sub`])).lines, [
    '644 0:0 all/Dockerfile',
    '644 0:0 all/x',
    '755 0:0 all/',
  ]);
  const kept = await built(rig, ['--build-arg', 'BUILDKIT_CONTEXT_KEEP_GIT_DIR=1', `${base}/app`]);
  assert.ok(kept.texts['all/.git/HEAD']);
  const missing = await run(rig, ['build', `${base}/app#nope`]);
  assert.match(missing.output, /"nope".*CONTEXT_FETCH_FAILED/);
  const noFile = await run(rig, ['build', '-f', 'Dockerfil', `${base}/app`]);
  assert.match(noFile.output, /DOCKERFILE_NOT_FOUND.*There is "Dockerfile"/s);
});

test('named contexts are directories, URLs, repositories and layouts', async (t) => {
  const rig = createRig(t);
  const http = await startHttp(t, { '/ctx.tgz': ARCHIVE, '/file.bin': 'bin' });
  const dir = rig.files('named', { f: 'dir' });
  const layout = join(rig.dir, 'layout');
  const made = rig.files('made', { Dockerfile: 'FROM scratch\nCOPY f /layout\n', f: 'layout' });
  const saved = await run(rig, ['build', '-o', `type=oci,tar=false,dest=${layout}`, made]);
  assert.equal(saved.status, 0, saved.output);
  const context = rig.files('context', {
    Dockerfile:
      'FROM image\nCOPY --from=dir f /dir\nCOPY --from=url f /url\nCOPY --from=file file.bin /file\nCOPY --from=image layout /copied\n',
  });
  const named = { dir, url: `${http.url}/ctx.tgz`, file: `${http.url}/file.bin`, image: `oci-layout://${layout}` };
  const flags = Object.entries(named).flatMap(([name, value]) => ['--build-context', `${name}=${value}`]);
  const { texts } = await built(rig, [...flags, context]);
  assert.deepEqual(texts, { layout: 'layout', dir: 'dir', url: 'f', file: 'bin', copied: 'layout' });
});

test('a named context that cannot be is told with its name', async (t) => {
  const rig = createRig(t);
  const context = rig.files('context', { Dockerfile: 'FROM scratch\n' });
  for (const value of ['nope', 'target:x', 'foo://x', 'oci-layout://nope']) {
    const { status, output } = await run(rig, ['build', '--build-context', `n=${value}`, context]);
    assert.equal(status, 2, output);
    assert.match(output, /--build-context n=.*BUILD_CONTEXT_MISSING/);
  }
});

test('what a killed build had unpacked goes away with the next one', async (t) => {
  const rig = createRig(t);
  const child = spawn(process.execPath, [SLIPWAY, 'build', '-'], {
    env: { PATH: process.env['PATH'], HOME: rig.dir, SLIPWAY_ROOT: rig.store },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const big = tarBytes([
    ['Dockerfile', COPY_ALL],
    ['big', 'x'.repeat(1 << 22)],
  ]);
  child.stdin.on('error', () => undefined);
  child.stdin.write(big.subarray(0, 1 << 21));
  const snapshots = join(rig.store, 'snapshots');
  const left = () => namesIn(snapshots).filter((name) => name.startsWith('.active-'));
  for (let tries = 0; tries < 200 && left().length === 0; tries++) await delay(20);
  assert.equal(left().length, 1);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  await built(rig, ['-'], { stdin: big });
  assert.deepEqual(left(), []);
});
