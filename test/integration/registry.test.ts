import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { NO_REGISTRY, startRegistry } from './registry.ts';
import { createRig, type Rig, SLIPWAY } from './rig.ts';

/** User `tester`, password `open sesame`. */
const HTPASSWD = 'tester:$2b$04$u2p3FSF4xp9dL4UUtK7RI.qjklTZCb40eLRQ5iSipdEvIGWiPiMKK';

function context(rig: Rig): string {
  return rig.files('context', { Dockerfile: 'FROM scratch\nCOPY a /\nCOPY b /\n', a: 'a'.repeat(100_000), b: 'b' });
}

test('what is pushed is pulled elsewhere as the same image', { skip: NO_REGISTRY }, async (t) => {
  const rig = createRig(t);
  const registry = await startRegistry(t, rig);
  const name = `${registry}/team/image:1`;
  rig.ok('build', '-t', name, context(rig));
  const pushed = rig.slipway('push', name);
  assert.equal(pushed.status, 0, pushed.stderr);
  const [, digest] = /^1: digest: (sha256:[0-9a-f]{64}) size: \d+\n$/.exec(pushed.stdout) ?? [];
  assert.ok(digest, pushed.stdout);
  assert.equal(rig.ok('inspect', '-f', '{{index .RepoDigests 0}}', name), `${registry}/team/image@${digest}\n`);

  const other = createRig(t);
  const pulled = other.slipway('pull', name);
  assert.equal(pulled.stdout, `${name}\n`);
  assert.match(pulled.stderr, new RegExp(`Digest: ${digest}\nStatus: Downloaded newer image for ${name}`));
  assert.match(other.slipway('pull', name).stderr, /Status: Image is up to date/);
  assert.equal(other.ok('inspect', '-f', '{{.Id}}', name), rig.ok('inspect', '-f', '{{.Id}}', name));
  other.ok('pull', `${registry}/team/image@${digest}`);
  // Pushed on as it came: the digest stays.
  other.ok('tag', name, `${registry}/team/copy:2`);
  assert.match(other.ok('push', `${registry}/team/copy:2`), new RegExp(`^2: digest: ${digest} `));
});

test('layers that the registry has are neither sent nor compressed again', { skip: NO_REGISTRY }, async (t) => {
  const rig = createRig(t);
  const registry = await startRegistry(t, rig);
  const folder = context(rig);
  rig.ok('build', '-o', `type=registry,name=${registry}/one:1`, folder);
  assert.equal(rig.ok('images', '-q'), '', 'the store has no image of it');
  const again = rig.slipway('build', '--progress', 'plain', '-t', `${registry}/two:1`, '--push', folder);
  assert.equal(again.status, 0, again.stderr);
  assert.doesNotMatch(again.stderr, /exporting layer/);
  rig.ok('build', '-t', `${registry}/one:1`, folder);
  const { stderr } = rig.slipway('push', `${registry}/one:1`);
  assert.equal([...stderr.matchAll(/Layer already exists/g)].length, 3);
});

test('a login is proved, kept and used', { skip: NO_REGISTRY }, async (t) => {
  const rig = createRig(t);
  const registry = await startRegistry(t, rig, { htpasswd: HTPASSWD });
  const name = `${registry}/closed:1`;
  rig.ok('build', '-t', name, context(rig));
  const anonymous = rig.slipway('push', name);
  assert.equal(anonymous.status, 1);
  assert.match(anonymous.stderr, /REGISTRY_UNAUTHORIZED[\s\S]*slipway login/);

  const login = (password: string) =>
    spawnSync(process.execPath, [SLIPWAY, 'login', '-u', 'tester', '--password-stdin', registry], {
      input: `${password}\n`,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: rig.dir },
    });
  const wrong = login('wrong');
  assert.equal(wrong.status, 1);
  assert.doesNotMatch(wrong.stdout + wrong.stderr, /wrong/);
  assert.equal(login('open sesame').stdout, 'Login Succeeded\n');
  const config = join(rig.dir, '.docker/config.json');
  assert.equal(statSync(config).mode & 0o777, 0o600);
  rig.ok('push', name);
  assert.equal(rig.ok('logout', registry), `Removing login credentials for ${registry}\n`);
  assert.deepEqual(JSON.parse(readFileSync(config, 'utf8')).auths, {});
  assert.equal(rig.slipway('push', name).status, 1);
});

test('a registry that is not there is named', async (t) => {
  const rig = createRig(t);
  rig.ok('build', '-t', '127.0.0.1:9/x:1', context(rig));
  const { status, stderr } = rig.slipway('push', '127.0.0.1:9/x:1');
  assert.equal(status, 1);
  assert.match(stderr, /REGISTRY_UNREACHABLE/);
});
