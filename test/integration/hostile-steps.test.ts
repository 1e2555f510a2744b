import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { createRig, importBusybox, SLIPWAY } from './rig.ts';

const NO_WATCHES = 'echo 0 >/proc/sys/user/max_inotify_instances && exec "$@"';
const inNamespace = ['--map-root-user', '--mount', 'sh', '-c', NO_WATCHES, 'sh'];
const canLimit = spawnSync('unshare', [...inNamespace, 'true']).status === 0;
const hasRuntime = ['/usr/bin/crun', '/usr/bin/runc', '/usr/sbin/runc'].some((path) => existsSync(path));
const skip = !canLimit ? 'no user namespace in which watches could be limited' : !hasRuntime && 'neither crun nor runc';

test('a runtime starts steps where other programs have all watches of the user', { skip }, (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const context = rig.files('context', { Dockerfile: 'FROM busybox\nRUN echo made >/file\n' });
  const argv = [...inNamespace, process.execPath, SLIPWAY, 'build', '--isolation=oci', context];
  const env = { PATH: process.env['PATH'], HOME: rig.dir, SLIPWAY_ROOT: rig.store };
  const { status, stderr } = spawnSync('unshare', argv, { env, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});

test('a step that nests folders without an end is told so, and leaves nothing', (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const nest = 'n=$(printf %0200d 0); for i in $(seq 40); do mkdir $n && cd $n || break; done; true';
  const context = rig.files('context', { Dockerfile: `FROM busybox\nRUN mkdir /d && cd /d && ${nest}\n` });
  const { status, stderr } = rig.slipway('build', context);
  assert.equal(status, 1);
  assert.match(stderr, /LAYER_FILE_NAME/);
  assert.doesNotMatch(stderr, /^ {4}at /m);
  rig.ok('prune', '--all', '--force');
});
