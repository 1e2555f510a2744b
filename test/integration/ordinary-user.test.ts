import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cannotRunAs, createRig, importBusybox, type Rig } from './rig.ts';

/** No account needs to exist for it, and it has no subordinate ids. */
const ORDINARY_UID = 54_321;
const DOCKERFILE = `FROM busybox
WORKDIR /srv
COPY --chown=10001:10002 a.txt sub/
COPY --chown=www-data b.txt /var/www/
RUN echo made > made.txt && chmod 4755 made.txt && rm /etc/group
USER 10001
CMD ["cat", "sub/a.txt"]
`;

test('an ordinary user with a single id gets the same image as root', {
  skip: cannotRunAs(ORDINARY_UID),
}, (t) => {
  const [root, user] = [build(createRig(t)), build(createRig(t, { uid: ORDINARY_UID }))];
  assert.equal(root.RootFS.Layers.length, 5);
  assert.deepEqual(user.RootFS.Layers, root.RootFS.Layers);
  assert.deepEqual(user.Config, root.Config);
});

test('a step that needs another id names the remedy', {
  skip: cannotRunAs(ORDINARY_UID),
}, (t) => {
  const rig = createRig(t, { uid: ORDINARY_UID });
  importBusybox(rig);
  const context = rig.files('context', { Dockerfile: 'FROM busybox\nUSER 1000\nRUN id\n' });
  const { status, stderr } = rig.slipway('build', context);
  assert.equal(status, 1);
  assert.match(stderr, /Dockerfile:3:1: error/);
  assert.match(stderr, /SANDBOX_NO_SUBUID/);
  assert.match(stderr, /--add-subuids/);
});

function build(rig: Rig): { RootFS: { Layers: string[] }; Config: object } {
  importBusybox(rig);
  const context = rig.files('context', { Dockerfile: DOCKERFILE, 'a.txt': 'a\n', 'b.txt': 'b\n' });
  rig.ok('build', '-t', 'image', '--build-arg', 'SOURCE_DATE_EPOCH=1700000000', context);
  return JSON.parse(rig.ok('inspect', 'image'))[0];
}
