import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createRig, importBusybox } from './rig.ts';

const VALUE = 'correct-horse-battery-staple';

test('a secret that a step leaves in its layer is told, and the image is not pushed', (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const context = rig.files('context', {
    Dockerfile: 'FROM busybox\nRUN --mount=type=secret,id=login cp /run/secrets/login /root/.login\n',
  });
  const secret = join(rig.files('secrets', { login: `${VALUE}\n` }), 'login');
  const build = () => rig.slipway('build', '--secret', `id=login,src=${secret}`, '-t', '127.0.0.1:9/app', context);
  assert.match(build().stderr, /the secret "login" is in the layer now: \/root\/\.login/);
  assert.match(build().stderr, /CACHED/);
  const { status, stderr } = rig.slipway('push', '127.0.0.1:9/app');
  assert.equal(status, 1);
  assert.match(stderr, /SECRET_LEAKED/);
  assert.match(rig.slipway('push', '--allow-secret-leak', '127.0.0.1:9/app').stderr, /REGISTRY_UNREACHABLE/);
});

test('a secret that is used and written out appears nowhere in the store', (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const context = rig.files('context', {
    Dockerfile:
      'FROM busybox\nRUN --mount=type=secret,id=login,env=LOGIN set -x; echo "$LOGIN" && test -n "$LOGIN" && wc -c < /run/secrets/login > /size || true\n',
  });
  const secret = join(rig.files('secrets', { login: VALUE }), 'login');
  const { stderr, status } = rig.slipway('build', '--secret', `id=login,src=${secret}`, '--explain', context);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /^#\d+ [\d.]+ \*\*\*$/m);
  assert.doesNotMatch(stderr, new RegExp(VALUE));
  const holding = readdirSync(rig.store, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(VALUE));
  assert.deepEqual(holding, []);
});
