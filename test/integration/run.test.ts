import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createRig, importBusybox } from './rig.ts';

test('a directory of this machine is mounted: written to, and read-only where that is asked for', (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const dir = rig.files('shared', { 'in.txt': 'from outside\n' });
  const copy = 'cat /shared/in.txt && echo from inside > /shared/out.txt';
  const run = (volume: string) => rig.slipway('run', '--rm', '-v', volume, 'busybox', 'sh', '-c', copy);

  const readOnly = run(`${dir}:/shared:ro`);
  assert.equal(readOnly.stdout, 'from outside\n');
  assert.match(readOnly.stderr, /Read-only file system/);
  assert.equal(existsSync(join(dir, 'out.txt')), false);

  // Relative to where the command is started.
  assert.equal(run('./shared:/shared').status, 0);
  assert.equal(readFileSync(join(dir, 'out.txt'), 'utf8'), 'from inside\n');
});

test('one file is mounted, and a volume that is none is a usage mistake', (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  rig.files('.', { 'one.txt': 'one\n' });
  assert.equal(rig.ok('run', '-v', './one.txt:/etc/one.txt:ro', 'busybox', 'cat', '/etc/one.txt'), 'one\n');
  for (const volume of ['named:/x', './missing:/x', './one.txt:x', './one.txt:/x:backwards'])
    assert.equal(rig.slipway('run', '-v', volume, 'busybox', 'true').status, 2, volume);
});

test('the user, the environment, memory file systems and a read-only root are what was asked for', (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const script =
    (...flags: readonly string[]) =>
    (text: string) =>
      rig.ok('run', ...flags, 'busybox', 'sh', '-c', text).trim();
  assert.equal(script('-u', '1234:2345')('echo $(id -u):$(id -g)'), '1234:2345');
  assert.equal(script('-e', 'A=b c', '-e', 'E=', '-w', '/tmp')('echo "$A|$E|${F-unset}|$PWD"'), 'b c||unset|/tmp');
  const scratch = script('--read-only', '--tmpfs', '/scratch:size=1m,mode=1777', '-u', '1234');
  assert.equal(scratch('echo x > /scratch/x && cat /scratch/x; touch /y 2>/dev/null || echo refused'), 'x\nrefused');
  assert.match(scratch('dd if=/dev/zero of=/scratch/x bs=1M count=2 2>&1 || true'), /No space left/);
});

test('what another user writes into a mounted directory is that user’s', (t) => {
  if (process.getuid?.() !== 0) return t.skip('only root sees the ids of a container as they are');
  const rig = createRig(t);
  importBusybox(rig);
  const dir = join(rig.dir, 'shared');
  mkdirSync(dir);
  chmodSync(dir, 0o777);
  rig.ok('run', '-v', `${dir}:/shared`, '-u', '1234:2345', 'busybox', 'touch', '/shared/made');
  assert.equal(
    rig.ok('run', '-v', `${dir}:/shared:ro`, 'busybox', 'stat', '-c', '%u:%g', '/shared/made'),
    '1234:2345\n',
  );
});
