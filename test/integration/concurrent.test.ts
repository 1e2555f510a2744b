import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createRig, importBusybox, namesIn, type Rig } from './rig.ts';

const COUNTED =
  'RUN --mount=type=cache,id=counter,target=/counter sleep 0.5 && echo ran >> /counter/log && head -c 16 /dev/urandom | od -x > /random';

test('two builds at once of one Dockerfile run each step once and make one image', async (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const context = rig.files('context', { Dockerfile: `FROM busybox\nCOPY a /\n${COUNTED}\n`, a: 'a' });
  const ids = await Promise.all([1, 2, 3].map(() => build(rig, '-q', context)));
  assert.match(ids[0] ?? '', /^sha256:[0-9a-f]{64}\n$/);
  assert.deepEqual(new Set(ids).size, 1);
  assert.equal(counted(rig), 'ran\n');
});

test('builds at once of different Dockerfiles do not disturb each other', async (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const names = ['a', 'b', 'c'];
  const outputs = await Promise.all(
    names.map((name) => {
      const context = rig.files(name, {
        Dockerfile: `FROM busybox\nCOPY f /\nRUN echo ${name} >> /f\nCMD ["cat", "/f"]\n`,
        f: 'shared\n',
      });
      return build(rig, '-t', name, context);
    }),
  );
  assert.equal(outputs.length, names.length);
  for (const name of names) assert.equal(rig.ok('run', '--rm', name), `shared\n${name}\n`);
});

test("what different builds at once have in common runs once, and a failure of one is no other one's", async (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const targets = ['RUN echo a > /own', 'RUN echo b > /own', 'RUN exit 3'];
  const contexts = targets.map((own, index) =>
    rig.files(`${index}`, { Dockerfile: `FROM busybox\n${COUNTED}\n${own}\n` }),
  );
  const [a, b, failing] = contexts;
  const failed = finished(rig.start('build', failing ?? ''));
  const [first, second] = await Promise.all([a, b].map((context) => build(rig, '-q', context ?? '')));
  assert.equal((await failed).code, 1);
  assert.equal(counted(rig), 'ran\n');
  assert.notEqual(first, second);
  const random = (id = '') => rig.ok('run', '--rm', id.trim(), 'cat', '/random');
  assert.equal(random(first), random(second));
});

/** The log in the one cache mount there is. */
function counted(rig: Rig): string {
  const mounts = join(rig.store, 'mounts');
  const [folder = ''] = namesIn(mounts).filter((name) => /^[0-9a-f]{32}$/.test(name));
  return readFileSync(join(mounts, folder, 'log'), 'utf8');
}

async function build(rig: Rig, ...args: readonly string[]): Promise<string> {
  const { code, out, err } = await finished(rig.start('build', ...args));
  assert.equal(code, 0, err);
  return out;
}

async function finished(process: ReturnType<Rig['start']>): Promise<{ code: unknown; out: string; err: string }> {
  const output = { out: '', err: '' };
  process.stdout?.on('data', (chunk) => {
    output.out += chunk;
  });
  process.stderr?.on('data', (chunk) => {
    output.err += chunk;
  });
  return { code: await new Promise((resolve) => process.once('close', resolve)), out: output.out, err: output.err };
}
