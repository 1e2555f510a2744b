import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assignmentRuleFor, secretFileTitle } from './secret-file.ts';

const TITLES: readonly (readonly [string, string | undefined])[] = [
  ['root/.ssh/id_rsa', 'SSH private key'],
  ['root/.ssh/id_rsa.pub', undefined],
  ['etc/ssh/ssh_host_ed25519_key', "SSH host's private key"],
  ['etc/ssh/ssh_host_ed25519_key.pub', undefined],
  ['app/.env', 'file of environment variables'],
  ['app/.env.production', 'file of environment variables'],
  ['app/.env.example', undefined],
  ['app/.envrc.md', undefined],
  ['root/.netrc', "curl's and git's logins"],
  ['root/.aws/credentials', "AWS client's keys"],
  ['root/.kube/config', "kubectl's login"],
  ['app/keys/server.p12', 'key store'],
  ['etc/ssl/certs/ca-certificates.crt', undefined],
  ['usr/local/go/src/crypto/tls/testdata/id_rsa', undefined],
  ['usr/share/doc/curl/examples/.netrc', undefined],
  ['app/_testdata/a.pfx', undefined],
  ['app/test_resources/id_rsa', undefined],
  ['app/latest/id_rsa', 'SSH private key'],
  ['app/contest/id_rsa', 'SSH private key'],
];
for (const [path, title] of TITLES) {
  test(`${path} is ${title ?? 'no secret'}`, () => assert.equal(secretFileTitle(path), title));
}

const RULES: readonly (readonly [string, string])[] = [
  ['app/.env', 'literal'],
  ['app/config.yaml', 'generated'],
  ['app/main.go', 'none'],
  ['app/package-lock.json', 'none'],
  ['app/testdata/config.yaml', 'none'],
  ['app/config.template.yml', 'none'],
  ['app/test-config.yml', 'none'],
  ['app/latest-config.yml', 'generated'],
];
for (const [path, rule] of RULES) {
  test(`names of variables count in ${path}: ${rule}`, () => assert.equal(assignmentRuleFor(path), rule));
}
