import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSecretName } from './secret-name.ts';

const SECRET = [
  'PASSWORD',
  'DB_PASSWORD',
  'POSTGRES_PASSWORD',
  'githubToken',
  'NPM_TOKEN',
  'npm.token',
  'client-secret',
  'AWS_SECRET_ACCESS_KEY',
  'API_KEY',
  'apiKey',
  'STRIPE_API_KEY',
  'jwtSecret',
  'SECRET_KEY_BASE',
  'SIGNING_KEY',
  'REGISTRY_AUTH',
];
const HARMLESS = [
  'PATH',
  'GPG_KEY',
  'PUBLIC_KEY',
  'API_PUBLIC_KEY',
  'DB_PASSWORD_FILE',
  'TOKEN_TTL',
  'TOKEN_URL',
  'AUTH_ENABLED',
  'PASSWORD_MIN_LENGTH',
  'SSH_AUTH_SOCK',
  'KEYBOARD',
  'enableAuth',
  'USE_TOKEN',
  'AUTHOR',
  'AUTHORITY',
  'COMPASS_URL',
  'secretName',
  'tokenizer',
  'PRIMARY_KEY',
  'CACHE_KEY',
];

for (const name of SECRET) {
  test(`${name} names a secret`, () => assert.equal(isSecretName(name), true));
}
for (const name of HARMLESS) {
  test(`${name} names none`, () => assert.equal(isSecretName(name), false));
}
