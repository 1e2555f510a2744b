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

/** The log in the one cache mount there is. */
function counted(rig: Rig): string {
  const mounts = join(rig.store, 'mounts');
  const [folder = ''] = namesIn(mounts).filter((name) => /^[0-9a-f]{32}$/.test(name));
  return readFileSync(join(mounts, folder, 'log'), 'utf8');
}

async function build(rig: Rig, ...args: readonly string[]): Promise<string> {
  const process = rig.start('build', ...args);
  const output = { out: '', err: '' };
  process.stdout?.on('data', (chunk) => {
    output.out += chunk;
  });
  process.stderr?.on('data', (chunk) => {
    output.err += chunk;
  });
  const code = await new Promise((resolve) => process.once('close', resolve));
  assert.equal(code, 0, output.err);
  return output.out;
}
