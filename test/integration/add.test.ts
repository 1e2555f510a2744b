import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createRig } from './rig.ts';
import { built, GitServer, hasGit, LAST_MODIFIED_SECONDS, run, startHttp } from './servers.ts';
import { type Member, tarBytes } from './tar-bytes.ts';

const ONE = tarBytes([['one', '1', { uid: 3, gid: 4, mode: 0o640 }]]);
const COMPRESSORS = ['gzip', 'bzip2', 'xz', 'zstd'];

for (const name of ['none', ...COMPRESSORS]) {
  const isThere = name === 'none' || spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined;
  test(`ADD unpacks a tar archive (compression: ${name})`, {
    skip: !isThere && `${name} is not installed`,
  }, async (t) => {
    const rig = createRig(t);
    const context = rig.files('context', { Dockerfile: 'FROM scratch\nADD data /to/\nCOPY data /copied\n' });
    const bytes = name === 'none' ? ONE : spawnSync(name, ['-c'], { input: ONE }).stdout;
    writeFileSync(join(context, 'data'), bytes);
    const { lines } = await built(rig, [context]);
    assert.deepEqual(lines, ['640 3:4 to/one', '644 0:0 copied', '755 0:0 to/']);
  });
}

test('ADD unpacks by content only, and not at all with --unpack=false', async (t) => {
  const rig = createRig(t);
  const context = rig.files('context', {
    Dockerfile:
      'FROM scratch\nADD --chown=5:6 --chmod=700 one.tar /a\nADD --unpack=false one.tar empty.tar x.gz /b/\nADD empty.tar x.gz /c/\n',
    'fake.tar': 'no archive',
  });
  writeFileSync(join(context, 'one.tar'), ONE);
  writeFileSync(join(context, 'empty.tar'), tarBytes([]));
  writeFileSync(join(context, 'x.gz'), gzipSync('just text'));
  const { lines } = await built(rig, [context]);
  assert.deepEqual(lines, [
    '640 5:6 a/one',
    '644 0:0 b/empty.tar',
    '644 0:0 b/one.tar',
    '644 0:0 b/x.gz',
    '644 0:0 c/empty.tar',
    '644 0:0 c/x.gz',
    '755 0:0 b/',
    '755 0:0 c/',
    '755 5:6 a/',
  ]);
});

test('a hostile archive ends the build and touches nothing', async (t) => {
  const rig = createRig(t);
  const outside = join(rig.dir, 'outside');
  const hostile: Readonly<Record<string, readonly Member[]>> = {
    above: [['../outside', 'x']],
    through: [
      ['l', '../..', { type: 'symlink' }],
      ['l/outside', 'x'],
    ],
    linked: [['h', '../outside', { type: 'link' }]],
  };
  for (const [name, members] of Object.entries(hostile)) {
    const context = rig.files(name, { Dockerfile: 'FROM scratch\nADD bad.tar /to/\n' });
    writeFileSync(join(context, 'bad.tar'), tarBytes(members));
    const { status, output } = await run(rig, ['build', context]);
    assert.equal(status, 1);
    assert.match(output, /Dockerfile:2:1: error: .*cannot be unpacked.*ARCHIVE_INVALID/);
  }
  assert.equal(existsSync(outside), false);
});

test('a download is named by its URL, dated by the server, and fetched once', async (t) => {
  const rig = createRig(t);
  const http = await startHttp(t, { '/a/tool%20x?v=1': 'tool', '/arch.tgz': gzipSync(ONE) });
  const dockerfile = `FROM scratch
ADD ${http.url}/a/tool%20x?v=1 /bin/
ADD --chmod=755 --chown=1:2 ${http.url}/a/tool%20x?v=1 /named
ADD ${http.url}/arch.tgz /
ADD --unpack=true ${http.url}/arch.tgz /
`;
  const context = rig.files('context', { Dockerfile: dockerfile });
  const first = await built(rig, [context]);
  assert.deepEqual(first.lines, [
    '600 0:0 arch.tgz',
    '600 0:0 bin/tool x',
    '640 3:4 one',
    '755 0:0 bin/',
    '755 1:2 named',
  ]);
  assert.equal(first.times['bin/tool x'], LAST_MODIFIED_SECONDS);
  assert.deepEqual(http.takeLog().sort(), ['200 /a/tool%20x?v=1', '200 /arch.tgz']);
  const second = await built(rig, [context]);
  assert.deepEqual(second.lines, first.lines);
  assert.deepEqual(http.takeLog().sort(), ['304 /a/tool%20x?v=1', '304 /arch.tgz']);

  http.files.set('/a/tool%20x?v=1', 'newer');
  assert.equal((await built(rig, [context])).texts['bin/tool x'], 'newer');
});

test('a checksum that is met needs no server, one that is not ends the build', async (t) => {
  const rig = createRig(t);
  const http = await startHttp(t, { '/f': 'content' });
  const digest = createHash('sha256').update('content').digest('hex');
  const context = rig.files('context', {
    Dockerfile: `FROM scratch\nADD --checksum=sha256:${digest} ${http.url}/f /f\n`,
  });
  await built(rig, [context]);
  assert.deepEqual(http.takeLog(), ['200 /f']);
  await built(rig, [context]);
  assert.deepEqual(http.takeLog(), []);

  const other = rig.files('other', {
    Dockerfile: `FROM scratch\nADD --checksum=sha256:${'0'.repeat(64)} ${http.url}/f /f\n`,
  });
  const { status, output } = await run(rig, ['build', other]);
  assert.equal(status, 1);
  assert.match(output, /Dockerfile:2:1: error: .*ADD_CHECKSUM_MISMATCH/);
});

test('a server without ETags is asked for the file again, and the same file is a hit', async (t) => {
  const rig = createRig(t);
  const http = await startHttp(t, { '/f': 'content' });
  http.hasEtags = false;
  const context = rig.files('context', { Dockerfile: `FROM scratch\nADD ${http.url}/f /f\n` });
  await built(rig, [context]);
  const again = await built(rig, ['--progress=plain', context]);
  assert.deepEqual(http.takeLog(), ['200 /f', '200 /f']);
  assert.match(again.output, /CACHED/);
});

test('a download that fails says what was asked for', async (t) => {
  const rig = createRig(t);
  const http = await startHttp(t, {});
  const context = rig.files('context', {
    Dockerfile: `FROM scratch\nADD ${http.url.replace('//', '//u:secret@')}/gone /f\n`,
  });
  const { status, output } = await run(rig, ['build', '--progress=quiet', context]);
  assert.equal(status, 1);
  assert.match(output, /Dockerfile:2:1: error: .*404.*ADD_FETCH_FAILED/);
});

test('ADD clones repositories', { skip: !hasGit && 'git is not installed' }, async (t) => {
  const rig = createRig(t);
  const server = new GitServer(join(rig.dir, 'git'));
  const base = await server.start(t);
  server.commit('lib', { 'lib.go': 'lib' });
  const first = server.commit('app', { 'main.go': 'one', 'sub/x': 'x' });
  server.git('app', 'tag', '-a', 'v1', '-m', 'one');
  server.git('app', 'submodule', '--quiet', 'add', `${base}/lib`, 'vendor/lib');
  server.commit('app', { 'main.go': 'two' });
  const app = `${base}/app`;
  const context = rig.files('context', {
    Dockerfile: `FROM scratch
ADD ${app} /main
ADD ${app}#v1 /v1
ADD --chown=7:8 ${app}#v1:sub /sub
ADD --keep-git-dir=true ${app}#v1 /kept
ADD --checksum=${first} ${app} /pinned
`,
  });
  const { lines, texts } = await built(rig, [context]);
  assert.equal(texts['main/main.go'], 'two');
  assert.equal(texts['main/vendor/lib/lib.go'], 'lib');
  assert.equal(texts['v1/main.go'], 'one');
  assert.equal(texts['pinned/main.go'], 'one');
  assert.ok(lines.includes('644 7:8 sub/x'));
  assert.ok(texts['kept/.git/HEAD']?.startsWith(first));
  assert.equal(
    lines.some((line) => line.includes('main/.git/')),
    false,
  );
  assert.match((await built(rig, ['--progress=plain', context])).output, /CACHED/);

  const wrong = rig.files('wrong', { Dockerfile: `FROM scratch\nADD --checksum=${first} ${app}#main /x\n` });
  const { output } = await run(rig, ['build', wrong]);
  assert.match(output, /Dockerfile:2:1: error: .*ADD_CHECKSUM_MISMATCH/);
});
