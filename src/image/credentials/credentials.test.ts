import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { KnownError } from '../../diagnostics/known-error.ts';
import { askHelper } from './credential-helper.ts';
import { findCredentials } from './find-credentials.ts';
import { matchRegistryKey } from './registry-keys.ts';
import { removeCredentials, saveCredentials } from './save-credentials.ts';

const scratch = mkdtempSync(join(tmpdir(), 'slipway-credentials-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** Stored keys, registry, repository, the key that fits. */
const KEYS: readonly (readonly [readonly string[], string, string | undefined, string | undefined])[] = [
  [['quay.io', 'quay.io/org', 'quay.io/org/app'], 'quay.io', 'org/app', 'quay.io/org/app'],
  [['quay.io', 'quay.io/org'], 'quay.io', 'org/app', 'quay.io/org'],
  [['quay.io', 'quay.io/org'], 'quay.io', 'organisation/app', 'quay.io'],
  [['quay.io/org'], 'quay.io', 'other/app', undefined],
  [['quay.io/org'], 'quay.io', undefined, undefined],
  [['https://quay.io/v1/'], 'quay.io', 'a/b', 'https://quay.io/v1/'],
  [['https://quay.io'], 'quay.io', undefined, 'https://quay.io'],
  [['quay.io/v2'], 'quay.io', undefined, 'quay.io/v2'],
  [['https://index.docker.io/v1/'], 'docker.io', 'library/busybox', 'https://index.docker.io/v1/'],
  [['docker.io'], 'docker.io', 'library/busybox', 'docker.io'],
  [['registry-1.docker.io'], 'docker.io', undefined, 'registry-1.docker.io'],
  [['docker.io/library'], 'docker.io', 'library/busybox', 'docker.io/library'],
  [['host:5000'], 'host', undefined, undefined],
  [['host:5000'], 'host:5000', 'a', 'host:5000'],
  [['evil.io/https://quay.io'], 'quay.io', undefined, undefined],
];

for (const [keys, registry, repository, expected] of KEYS) {
  test(`for ${registry}/${repository ?? ''} takes ${expected ?? 'nothing'} of ${keys.join(' ')}`, () => {
    assert.equal(matchRegistryKey(keys, { registry, repository }), expected);
  });
}

test('reads the forms docker stores', async () => {
  const { env, config } = home('forms');
  writeJson(config, {
    auths: {
      'a.io': { auth: Buffer.from('me:pa:ss\0\0').toString('base64') },
      'b.io': { username: 'you', password: 'word' },
      'c.io': { auth: Buffer.from('x:y').toString('base64'), identitytoken: 'refresh' },
      'd.io': {},
    },
  });
  const source = config;
  assert.deepEqual(await findCredentials('a.io', { env }), {
    kind: 'password',
    username: 'me',
    password: 'pa:ss',
    source,
  });
  assert.deepEqual(await findCredentials('b.io', { env }), {
    kind: 'password',
    username: 'you',
    password: 'word',
    source,
  });
  assert.deepEqual(await findCredentials('c.io', { env }), { kind: 'identity-token', token: 'refresh', source });
  assert.equal(await findCredentials('d.io', { env }), undefined);
  assert.equal(await findCredentials('e.io', { env }), undefined);
});

test('asks the named files first, then docker, then podman', async () => {
  const { env, folder, config } = home('order');
  const podman = join(folder, '.config', 'containers', 'auth.json');
  const runtime = join(folder, 'run', 'containers', 'auth.json');
  const named = join(folder, 'named.json');
  const everywhere = { ...env, XDG_RUNTIME_DIR: join(folder, 'run'), REGISTRY_AUTH_FILE: named };
  const found = async () => (await findCredentials('a.io', { env: everywhere }))?.source;
  assert.equal(await found(), undefined);
  for (const path of [podman, runtime, config, named]) {
    writeJson(path, { auths: { 'a.io': { username: 'u', password: 'p' } } });
    assert.equal(await found(), path);
  }
  const docker = join(folder, 'elsewhere');
  writeJson(join(docker, 'config.json'), { auths: { 'a.io': { username: 'u', password: 'p' } } });
  const found2 = await findCredentials('a.io', { env: { ...everywhere, DOCKER_CONFIG: docker } });
  assert.equal(found2?.source, join(docker, 'config.json'));
});

test('names a damaged file and never what is in it', async () => {
  const { env, config } = home('damaged');
  for (const text of ['{"auths": {"a.io": {"auth": "c2VjcmV0', '[]', '"secret"']) {
    write(config, text);
    await assert.rejects(findCredentials('a.io', { env }), isInvalid(config));
  }
  writeJson(config, { auths: { 'a.io': { auth: '!!secret!!' } } });
  await assert.rejects(findCredentials('a.io', { env }), isInvalid('a.io'));
  writeJson(config, { auths: { 'a.io': { auth: Buffer.from('secret-without-colon').toString('base64') } } });
  await assert.rejects(findCredentials('a.io', { env }), isInvalid('a.io'));
});

test('asks the helper of a registry, then the general one, then the file', async () => {
  const { env, config } = home('helpers');
  helper(env, 'one', `read key; echo '{"ServerURL":"'$key'","Username":"one","Secret":"'$key'"}'`);
  helper(env, 'all', `echo 'credentials not found in native keychain'; exit 1`);
  writeJson(config, {
    credHelpers: { 'a.io': 'one', 'docker.io': 'one' },
    credsStore: 'all',
    auths: { 'b.io': { username: 'file', password: 'p' } },
  });
  const source = 'docker-credential-one';
  assert.deepEqual(await findCredentials('a.io', { env }), {
    kind: 'password',
    username: 'one',
    password: 'a.io',
    source,
  });
  const hub = await findCredentials('docker.io', { env });
  assert.equal(hub?.kind === 'password' && hub.password, 'https://index.docker.io/v1/');
  assert.equal((await findCredentials('b.io', { env }))?.source, config);
  assert.equal(await findCredentials('c.io', { env }), undefined);
});

test('takes an identity token from a helper', async () => {
  const { env } = home('token');
  helper(env, 'token', `cat > /dev/null; echo '{"Username":"<token>","Secret":"refresh"}'`);
  assert.deepEqual(await askHelper('token', 'a.io', { env }), {
    kind: 'identity-token',
    token: 'refresh',
    source: 'docker-credential-token',
  });
});

test('says what is wrong with a helper without repeating secrets', async () => {
  const { env } = home('broken');
  helper(env, 'fails', `echo 'the keyring is locked'; exit 1`);
  helper(env, 'leaks', `echo '{"Secret":"secret"}'; exit 1`);
  helper(env, 'talks', `echo 'secret is not JSON'`);
  helper(env, 'hangs', 'exec sleep 60');
  helper(env, 'floods', 'exec cat /dev/zero');
  await assert.rejects(askHelper('fails', 'a.io', { env }), isInvalid('failed: the keyring is locked'));
  await assert.rejects(askHelper('leaks', 'a.io', { env }), isInvalid('leaks failed.'));
  await assert.rejects(askHelper('talks', 'a.io', { env }), isInvalid('did not answer with JSON'));
  await assert.rejects(askHelper('hangs', 'a.io', { env, timeoutMs: 100 }), isInvalid('within 0.1 seconds'));
  await assert.rejects(askHelper('floods', 'a.io', { env }), isInvalid('failed'));
  await assert.rejects(askHelper('missing', 'a.io', { env }), isInvalid('is not installed'));
  await assert.rejects(askHelper('../evil', 'a.io', { env }), isInvalid('not the name'));
  await assert.rejects(askHelper('hangs', 'a.io', { env, signal: AbortSignal.abort() }), { name: 'AbortError' });
});

test('keeps a login in docker’s file with everything else that is there', async () => {
  const { env, config } = home('save');
  writeJson(config, { HttpHeaders: { 'X-Meta': '1' }, auths: { 'other.io': { auth: 'bzpv' } } });
  chmodSync(config, 0o644);
  assert.equal(await saveCredentials('docker.io', { login: { username: 'me', password: 'pw:1' }, env }), config);
  assert.equal(statSync(config).mode & 0o777, 0o600);
  const { HttpHeaders, auths } = JSON.parse(readFileSync(config, 'utf8'));
  assert.deepEqual(HttpHeaders, { 'X-Meta': '1' });
  assert.deepEqual(Object.keys(auths), ['other.io', 'https://index.docker.io/v1/']);
  const found = await findCredentials('docker.io', { env });
  assert.equal(found?.kind === 'password' && found.password, 'pw:1');
  assert.equal(await removeCredentials('docker.io', { env }), true);
  assert.equal(await removeCredentials('docker.io', { env }), false);
  assert.deepEqual(JSON.parse(readFileSync(config, 'utf8')).auths, { 'other.io': { auth: 'bzpv' } });
});

test('makes docker’s folder, and writes through a link', async () => {
  const { env, folder, config } = home('link');
  await saveCredentials('a.io', { login: { identityToken: 'refresh' }, env });
  assert.equal((await findCredentials('a.io', { env }))?.kind, 'identity-token');
  const target = join(folder, 'dotfiles.json');
  write(target, '{}');
  rmSync(config);
  symlinkSync(target, config);
  await saveCredentials('b.io', { login: { username: 'u', password: 'p' }, env });
  assert.ok(lstatSync(config).isSymbolicLink());
  assert.match(readFileSync(target, 'utf8'), /b\.io/);
});

test('keeps a login in the helper that docker uses', async () => {
  const { env, folder, config } = home('store');
  helper(env, 'keep', `echo "$1" >> ${folder}/calls; cat >> ${folder}/calls; echo >> ${folder}/calls`);
  writeJson(config, { credsStore: 'keep' });
  const login = { username: 'u', password: 'p' };
  assert.equal(await saveCredentials('a.io', { login, env }), 'docker-credential-keep');
  assert.doesNotMatch(readFileSync(config, 'utf8'), /"p"|dTpw/);
  assert.equal(await removeCredentials('a.io', { env }), true);
  const calls = readFileSync(join(folder, 'calls'), 'utf8');
  assert.equal(calls, 'store\n{"ServerURL":"a.io","Username":"u","Secret":"p"}\nerase\na.io\n');
});

function home(name: string) {
  const folder = join(scratch, name);
  mkdirSync(join(folder, 'bin'), { recursive: true });
  const env = { HOME: folder, PATH: `${join(folder, 'bin')}:/usr/bin:/bin` };
  return { folder, env, config: join(folder, '.docker', 'config.json') };
}

function helper(env: { readonly HOME: string }, name: string, script: string): void {
  const path = join(env.HOME, 'bin', `docker-credential-${name}`);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

function writeJson(path: string, json: unknown): void {
  write(path, JSON.stringify(json));
}

function write(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}

function isInvalid(part: string) {
  return (error: unknown) =>
    error instanceof KnownError &&
    error.code === 'CREDENTIALS_INVALID' &&
    error.message.includes(part) &&
    !/secret/.test(error.message + (error.hint ?? ''));
}
