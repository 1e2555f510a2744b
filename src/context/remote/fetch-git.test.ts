import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fetchGit, pickRef, resolveGit } from './fetch-git.ts';
import type { GitReference } from './git-reference.ts';

const root = mkdtempSync(join(tmpdir(), 'slipway-git-'));
const hasGit = spawnSync('git', ['daemon', '--help'], { stdio: 'ignore' }).error === undefined;
const skip = hasGit ? false : 'git is not installed';
let daemon: ChildProcess | undefined;
let base = '';

function git(repo: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'protocol.file.allow=always'];
  const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', HOME: root };
  const { status, stdout, stderr } = spawnSync('git', [...identity, ...args], { cwd: join(root, repo), env });
  assert.equal(status, 0, stderr.toString());
  return stdout.toString().trim();
}

function commit(repo: string, files: Readonly<Record<string, string>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(root, repo, dirname(name)), { recursive: true });
    writeFileSync(join(root, repo, name), content);
  }
  git(repo, 'add', '-A');
  git(repo, 'commit', '-q', '-m', 'change');
  return git(repo, 'rev-parse', 'HEAD');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : assert.fail();
}

async function startDaemon(): Promise<string> {
  const port = await freePort();
  const args = ['daemon', '--export-all', '--listen=127.0.0.1', `--port=${port}`, `--base-path=${root}`, root];
  daemon = spawn('git', args, { stdio: 'ignore', detached: true });
  for (let attempt = 0; attempt < 100; attempt++) {
    const socket = connect(port, '127.0.0.1');
    const isUp = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isUp) return `git://127.0.0.1:${port}`;
    await setTimeout(50);
  }
  return assert.fail('git daemon did not start');
}

const commits: Record<string, string> = {};
before(async () => {
  if (skip) return;
  for (const name of ['lib', 'app']) {
    mkdirSync(join(root, name));
    git(name, 'init', '-q', '-b', 'main');
  }
  commit('lib', { 'lib.go': 'package lib' });
  base = await startDaemon();
  commits.first = commit('app', { 'a.go': 'one', 'sub/b.go': 'b' });
  git('app', 'tag', '-a', 'v1', '-m', 'one');
  git('app', 'branch', 'v1-branch');
  symlinkSync('/etc', join(root, 'app/etc'));
  git('app', 'submodule', '--quiet', 'add', `${base}/lib`, 'vendor/lib');
  commits.second = commit('app', { 'a.go': 'two' });
});
after(() => {
  if (daemon?.pid !== undefined) process.kill(-daemon.pid);
  rmSync(root, { recursive: true, force: true });
});

const reference = (rest: Partial<GitReference> = {}): GitReference => ({
  remote: `${base}/app`,
  ref: undefined,
  subdir: undefined,
  checksum: undefined,
  keepGitDir: undefined,
  submodules: true,
  looksLocal: false,
  ...rest,
});

const options = { env: process.env, signal: new AbortController().signal };

async function fetched(rest: Partial<GitReference> = {}): Promise<string> {
  const dir = mkdtempSync(join(root, 'out-'));
  const git = reference(rest);
  await fetchGit(git, await resolveGit(git, options), dir, options);
  return dir;
}

test('the default branch comes with its submodules and without .git', { skip }, async () => {
  const dir = await fetched();
  assert.equal(readFileSync(join(dir, 'a.go'), 'utf8'), 'two');
  assert.deepEqual(readdirSync(join(dir, 'vendor/lib')), ['lib.go']);
  assert.deepEqual(readdirSync(dir).sort(), ['.gitmodules', 'a.go', 'etc', 'sub', 'vendor']);
});

test('a tag means its commit, also when it is annotated', { skip }, async () => {
  const resolved = await resolveGit(reference({ ref: 'v1' }), options);
  assert.deepEqual(resolved, { ref: 'refs/tags/v1', commit: commits.first });
  assert.equal(readFileSync(join(await fetched({ ref: 'v1' }), 'a.go'), 'utf8'), 'one');
});

test('a commit is taken as it stands', { skip }, async () => {
  assert.equal(readFileSync(join(await fetched({ ref: commits.first }), 'a.go'), 'utf8'), 'one');
});

test('a subdirectory alone', { skip }, async () => {
  assert.deepEqual(readdirSync(await fetched({ subdir: 'sub' })), ['b.go']);
});

test('submodules may be left out, and .git kept', { skip }, async () => {
  const dir = await fetched({ submodules: false, keepGitDir: true });
  assert.deepEqual(readdirSync(join(dir, 'vendor/lib')), []);
  assert.ok(existsSync(join(dir, '.git/HEAD')));
});

test('a tag that was asked for is in the .git that is kept', { skip }, async () => {
  const dir = await fetched({ ref: 'v1', keepGitDir: true });
  assert.ok(existsSync(join(dir, '.git/refs/tags/v1')));
});

test('a subdirectory that is a symlink does not lead out', { skip }, async () => {
  await assert.rejects(fetched({ subdir: 'etc' }), { code: 'CONTEXT_FETCH_FAILED' });
});

test('a checksum that differs is refused', { skip }, async () => {
  await fetched({ checksum: commits.second?.slice(0, 12) });
  await assert.rejects(fetched({ checksum: commits.first }), { code: 'ADD_CHECKSUM_MISMATCH' });
});

test('a missing ref and a missing repository are errors', { skip }, async () => {
  await assert.rejects(fetched({ ref: 'nothing' }), { code: 'CONTEXT_FETCH_FAILED' });
  await assert.rejects(fetched({ remote: `${base}/nothing` }), { code: 'CONTEXT_FETCH_FAILED' });
});

test('a submodule cannot be a folder of this machine', { skip }, async () => {
  mkdirSync(join(root, 'evil'));
  git('evil', 'init', '-q', '-b', 'main');
  git('evil', 'submodule', '--quiet', 'add', join(root, 'lib'), 'stolen');
  commit('evil', {});
  await assert.rejects(fetched({ remote: `${base}/evil` }), { code: 'CONTEXT_FETCH_FAILED' });
});

test('a failed fetch leaves nothing behind', { skip }, async () => {
  const dir = mkdtempSync(join(root, 'out-'));
  const missing = { ref: 'x', commit: 'a'.repeat(40) };
  await assert.rejects(fetchGit(reference(), missing, dir, options), { code: 'CONTEXT_FETCH_FAILED' });
  assert.deepEqual(readdirSync(dir), []);
});

test('an abort ends git', { skip }, async () => {
  const signal = AbortSignal.abort(new Error('Ctrl-C'));
  await assert.rejects(resolveGit(reference(), { ...options, signal }), /Ctrl-C/);
});

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const C = 'c'.repeat(40);
const REFS: readonly (readonly [title: string, output: string, asked: string, picked: object | undefined])[] = [
  ['HEAD', `${A}\tHEAD`, 'HEAD', { ref: 'HEAD', commit: A }],
  ['a branch before a tag', `${A}\trefs/heads/x\n${B}\trefs/tags/x`, 'x', { ref: 'refs/heads/x', commit: A }],
  ['an annotated tag', `${A}\trefs/tags/x\n${B}\trefs/tags/x^{}`, 'x', { ref: 'refs/tags/x', commit: B }],
  ['a full name', `${A}\trefs/heads/x\n${C}\trefs/tags/x`, 'refs/tags/x', { ref: 'refs/tags/x', commit: C }],
  ['another ref that ends so', `${A}\trefs/heads/feature/x`, 'x', undefined],
  ['nonsense', 'hello\tworld\n', 'world', undefined],
];

for (const [title, output, asked, picked] of REFS) {
  test(`picks from ls-remote: ${title}`, () => assert.deepEqual(pickRef(output, asked), picked));
}
