import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createRig, type Rig, SLIPWAY } from './rig.ts';

const SKIP = availableParallelism() < 2 && 'threads are used where there are two cores; here is one';
const NO_TASKSET = spawnSync('taskset', ['--version']).status !== 0 && 'taskset is not installed';

const SOURCES = [
  'FROM busybox\nADD app /app\nRUN cd /app && make\n',
  'FROM golang:1.26 AS build\nCOPY . .\nRUN go build ./...\nFROM scratch\nCOPY --from=build /go/bin/app /app\nCMD /app\n',
  'FROM debian\nRUN apt-get update && apt-get install curl\n',
  'NOTHING at all\n',
];

/** Dockerfiles of many folders, some of which have a configuration. */
function project(rig: Rig, name: string, count = 120): string {
  const files: Record<string, string> = {
    'a/slipway.yaml': 'lint:\n  strict: true\n  exclude: ["01?/**"]\n',
    'b/slipway.yaml': 'lint:\n  rules:\n    add-instead-of-copy: error\n',
  };
  for (let index = 0; index < count; index++) {
    const folder = `${index % 2 === 0 ? 'a' : 'b'}/${String(index).padStart(3, '0')}`;
    files[`${folder}/Dockerfile`] = SOURCES[index % SOURCES.length] ?? '';
    files[`${folder}/app`] = '';
  }
  return rig.files(name, files);
}

/** As the rig's, but on one core. */
function onOneCore(rig: Rig, ...args: readonly string[]) {
  const words = ['--cpu-list', firstCore(), process.execPath, SLIPWAY, ...args];
  return spawnSync('taskset', words, { env: environment(rig), cwd: rig.dir, encoding: 'utf8', maxBuffer: 1 << 28 });
}

function environment({ dir, store }: Rig): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: dir, LANG: 'C.UTF-8', SLIPWAY_ROOT: store, NO_COLOR: '1' };
}

function firstCore(): string {
  return /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
}

function outcome({ status, stdout, stderr }: ReturnType<Rig['slipway']>): unknown {
  return { status, stdout, stderr };
}

describe('slipway lint on several cores', { skip: SKIP || NO_TASKSET }, () => {
  it('says byte for byte what it says on one', (t) => {
    const rig = createRig(t);
    const dir = project(rig, 'project');
    for (const format of ['text', 'json', 'sarif', 'github', 'checkstyle', 'diff']) {
      const asked = format === 'diff' ? ['--diff', '--fix=all'] : ['--format', format];
      const args = ['lint', '--no-shellcheck', ...asked, dir];
      const alone = onOneCore(rig, ...args);
      assert.ok(alone.stdout.length > 5000, alone.stderr);
      assert.deepEqual(outcome(rig.slipway(...args)), outcome(alone), format);
    }
    assertWorkersRan(t, rig);
  });

  it('mends what it mends on one', (t) => {
    const rig = createRig(t);
    const [one, other] = [project(rig, 'one/project'), project(rig, 'two/project')];
    const args = ['lint', '--no-shellcheck', '--fix=all', '--format', 'json'];
    const alone = onOneCore(rig, ...args, one);
    const shared = rig.slipway(...args, other);
    const renamed = (text: string) => text.replaceAll('two/project', 'one/project');
    assert.match(alone.stderr, /Write COPY/);
    assert.deepEqual(
      [shared.status, renamed(shared.stdout), renamed(shared.stderr)],
      [alone.status, alone.stdout, alone.stderr],
    );
    assert.deepEqual(contents(other), contents(one));
  });

  it('fails as on one, with the first of several errors', (t) => {
    const rig = createRig(t);
    const dir = project(rig, 'project');
    for (const name of ['a/030', 'b/081', 'b/119'])
      writeFileSync(join(dir, name, 'slipway.yaml'), 'lint:\n  strikt: true\n');
    const shared = rig.slipway('lint', '--no-shellcheck', dir);
    assert.equal(shared.status, 1);
    assert.match(shared.stderr, /a\/030\/slipway\.yaml:2:3.*CONFIG_INVALID[\s\S]*Did you mean "strict"\?/);
    assert.deepEqual(outcome(shared), outcome(onOneCore(rig, 'lint', '--no-shellcheck', dir)));
  });

  it('ends with Ctrl-C, whatever its threads wait for', async (t) => {
    const rig = createRig(t);
    const dir = project(rig, 'project');
    // Linting all of them with it would take minutes.
    const bin = rig.files('bin', { shellcheck: `#!/bin/sh\n: > ${rig.dir}/started\nexec sleep 1\n` });
    chmodSync(join(bin, 'shellcheck'), 0o755);
    const env = { ...environment(rig), PATH: `${bin}:${process.env['PATH']}` };
    const child = spawn(process.execPath, [SLIPWAY, 'lint', dir], { env, cwd: rig.dir });
    let stderr = '';
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    for (let tries = 0; tries < 600 && !existsSync(join(rig.dir, 'started')); tries++) await delay(50);
    child.kill('SIGINT');
    const code = await new Promise((resolve) => child.on('close', resolve));
    assert.equal(code, 130);
    assert.match(stderr, /Stopped by SIGINT/);
  });
});

/** Node.js 20 leaves their compiled code, which later versions name otherwise. */
function assertWorkersRan(t: TestContext, { dir }: Rig): void {
  if (!process.version.startsWith('v20.')) {
    t.diagnostic('only Node.js 20 shows that workers ran');
    return;
  }
  const kept = readdirSync(join(dir, '.cache/slipway/compiled'));
  assert.ok(kept.some((name) => name.startsWith('lint-worker-')));
}

function contents(dir: string): readonly (readonly [string, string])[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [path.slice(dir.length), readFileSync(path, 'utf8')]);
}
