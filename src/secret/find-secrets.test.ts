import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findSecretInVariable, findSecrets } from './find-secrets.ts';
import { assignmentRuleFor } from './secret-file.ts';

// Built at run time, so that no scanner takes this file for a leak. None of them was ever anybody's.
const SOME = 'k3Xv9QmT2bLr7YpW5sZd8NcF1hJg6RaE4uVo0iKq';
const some = (length: number) => SOME.repeat(10).slice(0, length);
const HEX = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const AWS_ID = `AK${'IA'}Q3EGRTVB7ZWD5XK2`;
const basic = (text: string) => Buffer.from(text).toString('base64');
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: 'builder', admin: true })}.${some(43)}`;
const pem = (type: 'pkcs1' | 'pkcs8') =>
  generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type, format: 'pem' }).toString();
const ecPem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' });
const encryptedPem = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({
  type: 'pkcs1',
  format: 'pem',
  cipher: 'aes-128-cbc',
  passphrase: 'x',
});
const publicPem = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' });

const FOUND: readonly (readonly [kind: string, text: string])[] = [
  ['private-key', pem('pkcs1')],
  ['private-key', pem('pkcs8')],
  ['private-key', String(ecPem)],
  ['private-key', String(encryptedPem)],
  ['private-key', `{"key":${JSON.stringify(pem('pkcs8'))}}`],
  ['private-key', `  tls.key: |\n    ${pem('pkcs8').replaceAll('\n', '\n    ')}`],
  [
    'private-key',
    `-----BEGIN OPENSSH ${'PRIVATE'} KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n`,
  ],
  ['aws-access-key', `aws_access_key_id = ${AWS_ID}`],
  ['aws-secret-key', `aws_secret_access_key = ${some(40)}`],
  ['aws-secret-key', `"SecretAccessKey": "${some(40)}"`],
  ['gcp-service-account', `{"type": "service_account", "private_key_id": "${HEX.slice(0, 40)}"}`],
  ['gcp-api-key', `key=AI${'za'}${some(35)}`],
  ['azure-storage-key', `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${some(86)}==`],
  ['github-token', `git clone https://x:gh${'p_'}${some(36)}@github.com/a/b`],
  ['github-token', `github${'_pat_'}${some(22)}_${some(59)}`],
  ['gitlab-token', `gl${'pat-'}${some(20)}`],
  ['slack-token', `xo${'xb-'}123456780912-${some(24)}`],
  ['slack-webhook', `https://hooks.slack.com/${'services'}/T0A1B2C3D/B0A1B2C3D/${some(24)}`],
  ['stripe-key', `sk_${'live_'}${some(24)}`],
  ['npm-token', `//registry.npmjs.org/:_authToken=np${'m_'}${some(36)}`],
  ['npm-token', `//npm.corp.net/:_authToken=${HEX.slice(0, 32)}`],
  ['pypi-token', `pypi-${'AgEIcHlwaS5vcmc'}${some(60)}`],
  ['docker-token', `dckr${'_pat_'}${some(27)}`],
  ['docker-auth', `{"auths":{"ghcr.io":{"auth": "${basic('me:pa55word!')}"}}}`],
  ['sendgrid-key', `SG.${some(22)}.${some(43)}`],
  ['huggingface-token', `h${'f_'}${some(34)}`],
  ['digitalocean-token', `dop${'_v1_'}${HEX}`],
  ['vault-token', `hvs.${some(40)}`],
  ['age-key', `AGE-SECRET-KEY-1${some(58).toUpperCase()}`],
  ['jwt', `Authorization: Bearer ${jwt}`],
  ['netrc-password', 'machine github.com\n  login bot\n  password s3rv1ce-w0rd'],
  ['kubeconfig-key', `    client-key-data: ${basic(pem('pkcs8'))}`],
  ['url-credentials', 'DATABASE_URL=postgres://app:tr0ub4dor@db.internal:5432/app'],
  ['url-credentials', 'RUN pip install -i https://bot:Zx81kq@pypi.corp.net/simple thing'],
  ['password-hash', `root:$6$${some(16)}$${some(86)}:19000:0:99999:7:::`],
  ['named-value', `DB_PASSWORD="${some(20)}"`],
  ['named-value', `  apiKey: ${HEX.slice(0, 32)}`],
];
for (const [kind, text] of FOUND) {
  test(`${kind} is found in ${JSON.stringify(text.slice(0, 24))}…`, () => {
    const found = findSecrets(text);
    assert.deepEqual(
      found.slice(0, 1).map((finding) => finding.kind),
      [kind],
    );
    const [{ offset, length, masked }] = found as [(typeof found)[0]];
    const value = text.slice(offset, offset + length);
    assert.ok(!masked.includes(value.slice(-6)), 'the value is not shown');
  });
}

const HARMLESS: readonly (readonly [title: string, text: string])[] = [
  ['a digest', `FROM golang@sha256:${HEX}`],
  ['a line of go.sum', `golang.org/x/sys v0.1.0 h1:${createHash('sha256').update('x').digest('base64')}`],
  ['a certificate', String(publicPem).replaceAll('PUBLIC KEY', 'CERTIFICATE')],
  ['a public key', String(publicPem)],
  ['the text around a key in a program', '-----BEGIN RSA PRIVATE KEY----------END RSA PRIVATE KEY-----'],
  ['a key in documentation', '-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----'],
  ['the testing keys of Go', pem('pkcs1').replaceAll('PRIVATE', 'TESTING')],
  ['AWS documentation', 'AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
  ['a pattern of tokens', 'ghp_[0-9a-zA-Z]{36}'],
  ['an example of a token', `ghp_${'x'.repeat(36)}`],
  ['a UUID', `token: ${randomUUID()}`],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
  ['a reference to a variable', 'PASSWORD=${DB_PASSWORD:?} token: $TOKEN secret={{ .Values.secret }}'],
  ['a file of a secret', 'DB_PASSWORD_FILE=/run/secrets/db-password password: /run/secrets/db-password-1'],
  ['a URL of documentation', 'https://user:password@example.com/ http://bot:Zx81kq@example.org'],
  ['a URL without a password', 'https://github.com:443/a/b@v1.2.3 git+ssh://git@github.com/a/b'],
  ['a printf format', 'postgres://%s:%s@%s/%s'],
  ['a user with an ssh port', 'ssh://git@host.corp:2222/a@b'],
  ['prose', 'The password: must be at least twelve characters. Token: see below'],
  ['identifiers', 'token = parser.currentToken; const secret = options.secretProvider'],
  [
    'the token of jwt.io',
    `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4ifQ.${some(43)}`,
  ],
  [
    'the token of a session',
    `${part({ alg: 'RS256' })}.${part({ sub: 'a', iat: 1_600_000_000, exp: 1_600_003_600 })}.${some(43)}`,
  ],
  ['a key cut short in a document', `-----BEGIN PRIVATE KEY-----\\nMIIFDjBABgkqhkiG9w0BBQ0wMzAbBgkqhkiG9w0BBQwwDg...`],
  ['base64 that starts like a token', `${randomBytes(30).toString('base64')}eyJ.eyJ`],
  ['a locked account', 'root:*:19000:0:99999:7:::\ndaemon:!:19000::::::'],
  ['an integrity', `"integrity": "sha512-${createHash('sha512').update('x').digest('base64')}"`],
  ['a GPG fingerprint', 'ENV GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D'],
];
for (const [title, text] of HARMLESS) {
  test(`${title} is no secret`, () => assert.deepEqual(findSecrets(text), []));
}

test('a finding has the place of the secret itself', () => {
  const [finding] = findSecrets(`# one\n# two\npassword = "${some(20)}"\n`);
  assert.deepEqual([finding?.line, finding?.column, finding?.length, finding?.name], [3, 13, 20, 'password']);
});

test('a value shows nothing but the prefix of its format and its length', () => {
  const masked = (text: string) => findSecrets(text).map((finding) => finding.masked);
  assert.deepEqual(masked(`gh${'p_'}${some(36)}`), ['ghp_*** (40 characters)']);
  assert.deepEqual(masked(`password=${some(20)}`), ['*** (20 characters)']);
});

const VARIABLES: readonly (readonly [string, string, string | undefined])[] = [
  ['DB_PASSWORD', 'hunter2', 'named-value'],
  ['DB_PASSWORD', '', undefined],
  ['DB_PASSWORD', 'changeme', undefined],
  ['DB_PASSWORD', '/run/secrets/db', undefined],
  ['DB_PASSWORD', '$OTHER', undefined],
  ['ANYTHING', `gh${'p_'}${some(36)}`, 'github-token'],
  ['GOLANG_VERSION', '1.26.8', undefined],
  ['TOKEN_TTL', '3600', undefined],
];
for (const [name, value, kind] of VARIABLES) {
  test(`${name}=${value.slice(0, 10)} is ${kind ?? 'no secret'}`, () =>
    assert.equal(findSecretInVariable(name, value)?.kind, kind));
}

test('no file of this machine that everybody has is taken for a secret', (t) => {
  const roots = ['/etc/ssl/certs', '/usr/share/ca-certificates', '/usr/share/zoneinfo'].filter((dir) =>
    existsSync(dir),
  );
  if (roots.length === 0) return t.skip('no public files here');
  const files = execFileSync('find', [...roots, '-type', 'f', '-size', '-300k'])
    .toString()
    .trim()
    .split('\n');
  const hits = files.filter((file) => findSecrets(readFileSync(file, 'latin1')).length > 0);
  assert.deepEqual(hits, []);
});

test('the lock file and the sources of this project hold none', () => {
  const checkout = process.env['SLIPWAY_CHECKOUT'] ?? '.';
  const sources = readdirSync(join(checkout, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => join(checkout, 'src', file));
  const hits = [join(checkout, 'package-lock.json'), ...sources].flatMap((file) =>
    findSecrets(readFileSync(file, 'utf8'), { assignments: assignmentRuleFor(file) }).map(
      ({ kind, line }) => `${file}:${line} ${kind}`,
    ),
  );
  assert.deepEqual(hits, []);
});
