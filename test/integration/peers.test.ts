import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { NO_PEERS, NO_REGISTRY, peer, startRegistry } from './registry.ts';
import { createRig, importBusybox, type Rig } from './rig.ts';

const DOCKERFILE = `FROM busybox
RUN mkdir -p /d && echo from the image > /d/f && chown 1000:1000 /d/f && ln /d/f /d/g && ln -s f /d/l
USER 1000
CMD ["cat", "/d/l"]
`;
const SAID = 'from the image\n';

/** A name of its own, since the lab's stores are shared. */
function uniqueName(): string {
  return `slipway-test/${randomBytes(4).toString('hex')}:1`;
}

function context(rig: Rig): string {
  importBusybox(rig);
  return rig.files('context', { Dockerfile: DOCKERFILE });
}

function removeAfter(t: TestContext, ...command: readonly string[]): void {
  t.after(() => peer(...command));
}

test('docker loads and runs both archives', { skip: NO_PEERS }, (t) => {
  const rig = createRig(t);
  const folder = context(rig);
  for (const type of ['docker', 'oci']) {
    const name = uniqueName();
    const path = join(rig.dir, `${type}.tar`);
    rig.ok('build', '-o', `type=${type},dest=${path},name=${name}`, folder);
    assert.match(peer('docker', 'load', '-i', path), new RegExp(`Loaded image: ${name}`));
    removeAfter(t, 'docker', 'rmi', '-f', name);
    assert.equal(peer('docker', 'run', '--rm', '--network', 'host', name), SAID);
  }
});

for (const compression of ['gzip', 'zstd', 'uncompressed']) {
  test(`podman runs an archive with ${compression} layers`, { skip: NO_PEERS }, (t) => {
    const rig = createRig(t);
    const path = join(rig.dir, 'image.tar');
    const name = uniqueName();
    rig.ok('build', '-o', `type=oci,dest=${path},name=${name},compression=${compression}`, context(rig));
    peer('podman', 'load', '-i', path);
    removeAfter(t, 'podman', 'rmi', '-f', `docker.io/${name}`);
    assert.equal(peer('podman', 'run', '--rm', '--network', 'host', `docker.io/${name}`), SAID);
  });
}

test('skopeo reads archives, layouts and the store itself', { skip: NO_PEERS }, (t) => {
  const rig = createRig(t);
  const folder = context(rig);
  rig.ok('build', '-t', 'it:1', folder);
  const archive = join(rig.dir, 'a.tar');
  const layout = join(rig.dir, 'layout');
  rig.ok('save', '-o', archive, 'it:1');
  rig.ok('save', '--format', 'oci-dir', '-o', layout, 'it:1');
  const [image] = JSON.parse(rig.ok('inspect', 'it:1'));
  for (const source of [`docker-archive:${archive}`, `oci:${layout}:1`]) {
    const read = JSON.parse(peer('skopeo', 'inspect', '--config', source));
    assert.deepEqual(read.rootfs.diff_ids, image.RootFS.Layers, source);
    assert.equal(read.config.User, '1000');
  }
});

test('docker takes what docker, podman and skopeo write', { skip: NO_PEERS }, (t) => {
  const rig = createRig(t);
  const name = uniqueName();
  const path = join(rig.dir, 'image.tar');
  rig.ok('build', '-o', `type=docker,dest=${path},name=${name}`, context(rig));
  peer('docker', 'load', '-i', path);
  removeAfter(t, 'docker', 'rmi', '-f', name);
  peer('docker', 'save', '-o', join(rig.dir, 'docker.tar'), name);
  peer('podman', 'load', '-i', path);
  removeAfter(t, 'podman', 'rmi', '-f', `docker.io/${name}`);
  peer('podman', 'save', '-o', join(rig.dir, 'podman.tar'), `docker.io/${name}`);
  peer('skopeo', 'copy', `docker-archive:${path}`, `oci-archive:${join(rig.dir, 'skopeo.tar')}:${name}`);
  for (const writer of ['docker', 'podman', 'skopeo']) {
    const other = createRig(t);
    assert.match(other.ok('load', '-i', join(rig.dir, `${writer}.tar`)), new RegExp(`Loaded image: .*${name}`), writer);
    assert.equal(other.ok('run', '--rm', name), SAID, writer);
  }
});

test('podman and docker pull what was pushed', { skip: NO_PEERS || NO_REGISTRY }, async (t) => {
  const rig = createRig(t);
  const registry = await startRegistry(t, rig);
  const name = `${registry}/${uniqueName()}`;
  rig.ok('build', '-t', name, '--push', context(rig));
  removeAfter(t, 'podman', 'rmi', '-f', name);
  assert.equal(peer('podman', 'run', '--rm', '--network', 'host', '--tls-verify=false', name), SAID);
  peer('docker', 'pull', '-q', name);
  removeAfter(t, 'docker', 'rmi', '-f', name);
  assert.equal(peer('docker', 'run', '--rm', '--network', 'host', name), SAID);
});
