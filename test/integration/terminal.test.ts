import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createRig, importBusybox, SLIPWAY } from './rig.ts';

test("a container's terminal has the size of the user's", (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const command = `stty rows 33 cols 101; ${process.execPath} ${SLIPWAY} run -it busybox stty size`;
  // The input stays open meanwhile: at its end script(1) would stop reading the output as well.
  const { stdout } = spawnSync('sh', ['-c', 'sleep 10 | script -qec "$0" /dev/null', command], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: rig.dir, SLIPWAY_ROOT: rig.store },
  });
  assert.match(stdout, /33 101\r?$/m);
});

test("run reads an env file itself, and node's errors are not shown", (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const file = join(rig.dir, 'variables');
  writeFileSync(file, 'A=1\n');
  const run = (path: string) =>
    spawnSync(SLIPWAY, ['run', '--env-file', path, 'busybox', 'sh', '-c', 'echo $A'], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: rig.dir, SLIPWAY_ROOT: rig.store },
    });
  assert.equal(run(file).stdout, '1\n');
  const missing = run(join(rig.dir, 'missing'));
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /^error: --env-file .*missing cannot be read/);
});
