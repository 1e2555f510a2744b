import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { LaunchOperation } from './launch-plan.ts';
import { LauncherProcess, type LaunchResult } from './launcher-process.ts';
import { userNamespace } from './user-namespace.ts';

const PERL = '/usr/bin/perl';
const NEW_MOUNTS = 0x00020000;
const skip = existsSync(PERL) ? (userNamespace().kind === 'none' ? 'not root' : false) : `${PERL} is not there`;
const never = new AbortController().signal;
const PRIVATE: LaunchOperation = {
  ...{ do: 'call', what: 'mount', name: 'mount' },
  args: ['none', '/', 'none', 0x00044000, ''],
};

function program(...argv: string[]): LaunchOperation {
  return { do: 'start', argv, env: ['PATH=/bin'], paths: [`/bin/${argv[0]}`] };
}

describe('the launcher', { skip }, () => {
  let dir: string;
  let launcher: LauncherProcess;
  const words: string[] = [];

  function launch(plan: readonly LaunchOperation[], signal = never): Promise<LaunchResult> {
    const own = mkdtempSync(join(dir, 'launch-'));
    words.length = 0;
    const onWord = (word: string): void => void words.push(word);
    return launcher.launch({ dir: own, namespaces: NEW_MOUNTS, plan, signal, onWord });
  }

  before(() => {
    dir = mkdtempSync(join(tmpdir(), 'slipway-launcher-'));
    launcher = new LauncherProcess({ perl: PERL, cgroups: [] });
  });
  after(async () => {
    await launcher.close();
    rmSync(dir, { recursive: true, force: true });
  });

  test('ends as the program ended', async () => {
    assert.deepEqual(await launch([program('sh', '-c', 'exit 7')]), { exitCode: 7, complaints: '' });
    assert.deepEqual(words, ['starting']);
    assert.equal((await launch([program('sh', '-c', 'kill -TERM $$')])).exitCode, 143);
  });

  test('runs several at once, each with its own end', async () => {
    const codes = [3, 1, 2, 0].map(async (code) => (await launch([program('sh', '-c', `exit ${code}`)])).exitCode);
    assert.deepEqual(await Promise.all(codes), [3, 1, 2, 0]);
  });

  test('tells why a program did not start', async () => {
    await launch([program('nosuch')]);
    assert.deepEqual(words, ['starting', 'not-started 2']);
  });

  test('names the call that failed, and starts nothing', async () => {
    const result = await launch([{ do: 'call', what: 'chdir', name: 'chdir', args: ['/nosuch'] }, program('true')]);
    assert.deepEqual(result, { exitCode: 125, complaints: 'chdir: No such file or directory' });
    assert.deepEqual(words, []);
  });

  test('follows no link that appeared in a mount, and makes nothing behind it', async () => {
    const [root, outside] = [mkdtempSync(join(dir, 'root-')), mkdtempSync(join(dir, 'outside-'))];
    mkdirSync(join(root, 'cache'));
    symlinkSync(outside, join(root, 'cache/link'));
    symlinkSync(join(outside, 'file'), join(root, 'cache/file'));
    const at = (target: string, isDirectory: boolean): LaunchOperation => {
      const line = { source: outside, target, type: 'none', options: ['bind'] };
      return { do: 'mount-in', root, isDirectory, line };
    };
    for (const target of ['/cache/link/made/here', '/cache/link']) {
      const { exitCode, complaints } = await launch([PRIVATE, at(target, true), program('true')]);
      assert.equal(exitCode, 125);
      assert.match(complaints, new RegExp(`^mount ${target}: (Not a directory|Too many levels of symbolic links)$`));
    }
    const file = await launch([PRIVATE, at('/cache/file', false), program('true')]);
    assert.equal(file.complaints, 'mount /cache/file: Too many levels of symbolic links');
    assert.deepEqual(readdirSync(outside), []);
    assert.deepEqual(await launch([PRIVATE, at('/cache/new/made', true), program('true')]), {
      exitCode: 0,
      complaints: '',
    });
    assert.deepEqual(readdirSync(join(root, 'cache/new')), ['made']);
  });

  test('kills what is aborted, and only that', async () => {
    const abort = new AbortController();
    const other = launch([program('sleep', '0.3')]);
    const aborted = launch([program('sleep', '100')], abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), 100);
    await assert.rejects(aborted, /enough/);
    assert.equal((await other).exitCode, 0);
  });

  test('ends what it runs when it is closed', async () => {
    const own = new LauncherProcess({ perl: PERL, cgroups: [] });
    const onWord = (word: string): void => void (word === 'starting' && own.close());
    const dirOfIt = mkdtempSync(join(dir, 'launch-'));
    const { exitCode } = await own.launch({
      ...{ dir: dirOfIt, namespaces: 0, plan: [program('sleep', '100')], signal: never },
      onWord,
    });
    assert.notEqual(exitCode, 0);
    await own.close();
    assert.ok(own.hasEnded);
  });

  for (const [name, options, complaint] of [
    ['that is not there', { perl: '/nosuch/perl', cgroups: [] }, /ENOENT/],
    ['that cannot enter its cgroup', { perl: PERL, cgroups: ['/nosuch'] }, /^\/nosuch: No such file or directory/],
  ] as const) {
    test(`a launcher ${name} says so`, async () => {
      const plan = [program('true')];
      const broken = new LauncherProcess(options);
      const result = await broken.launch({
        dir: mkdtempSync(join(dir, 'l-')),
        namespaces: 0,
        plan,
        signal: never,
        onWord: () => undefined,
      });
      assert.equal(result.exitCode, undefined);
      assert.match(result.complaints, complaint);
      assert.ok(broken.hasEnded);
    });
  }
});
