import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import Ajv4 from 'ajv-draft-04';
import { parse } from 'yaml';
import { ImageTree } from '../contents/image-tree.ts';
import { audit } from './audit.ts';
import { DEFAULT_POLICY, isAllowed } from './audit-policy.ts';
import { auditSarif } from './audit-sarif.ts';
import type { AuditedImage } from './audited-image.ts';
import { CHECKS } from './checks.ts';
import { readPolicy } from './read-policy.ts';

const CHECKOUT = process.env['SLIPWAY_CHECKOUT'] ?? '.';
const readJson = (path: string) => JSON.parse(readFileSync(join(CHECKOUT, path), 'utf8'));

const EMPTY: AuditedImage = {
  name: 'empty',
  id: 'sha256:0',
  config: { architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [] } },
  attestations: [],
  layers: [],
  tree: new ImageTree([]),
  sizeBytes: 0,
  programs: new Map(),
  scripts: new Map(),
  texts: new Map(),
  secrets: [],
  nowMs: 0,
};

test('each check has its file, and a section in the document with its level', () => {
  const files = readdirSync(join(CHECKOUT, 'src', 'audit', 'checks')).map((file) => file.replace(/\.ts$/, ''));
  assert.deepEqual(CHECKS.map(({ name }) => name).sort(), files.sort());
  const sections = readFileSync(join(CHECKOUT, 'docs', 'audit.md'), 'utf8')
    .split('\n### ')
    .slice(1);
  const written = sections.map((section) => section.split('\n', 1)[0]);
  assert.deepEqual(
    written,
    CHECKS.map(({ name, level }) => `${name} (${level})`),
  );
});

test('an image without anything has an answer for every row', () => {
  const { rows } = audit(EMPTY, DEFAULT_POLICY);
  assert.equal(rows.length, CHECKS.length);
  for (const { evidence } of rows) assert.ok(evidence.length > 0);
});

test('a policy decides what fails', () => {
  const failedAt = (failOn: typeof DEFAULT_POLICY.failOn) => audit(EMPTY, { ...DEFAULT_POLICY, failOn }).isFailed;
  assert.deepEqual([failedAt('error'), failedAt('never')], [true, false]);
  const lenient = { ...DEFAULT_POLICY, levels: { user: 'off' as const } };
  assert.equal(audit(EMPTY, lenient).isFailed, false);
  assert.equal(audit(EMPTY, { ...lenient, required: ['entrypoint'] }).isFailed, true);
});

test('allowed paths are whole ones or all below a folder', () => {
  const policy = { ...DEFAULT_POLICY, allowed: { setuid: ['/usr/bin/su', '/opt/**'] } };
  const allows = (path: string) => isAllowed(policy, 'setuid', path);
  assert.deepEqual(['usr/bin/su', 'usr/bin/sudo', 'opt/a/b', 'opt2/a'].map(allows), [true, false, true, false]);
  assert.equal(isAllowed(policy, 'shell', 'usr/bin/su'), false);
});

test('a report is valid SARIF', () => {
  const schema = readJson('node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const isValid = new Ajv4.default({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);
  const log = JSON.parse(JSON.stringify(auditSarif(audit(EMPTY, DEFAULT_POLICY), '1.2.3')));
  const isValidLog: boolean = isValid(log);
  assert.ok(isValidLog, JSON.stringify(isValid.errors));
  const kinds = new Set(log.runs[0].results.map(({ kind }: { kind: string }) => kind));
  assert.deepEqual([...kinds].sort(), ['fail', 'notApplicable', 'pass']);
});

const accepts = new Ajv({ allowUnionTypes: true }).compile(readJson('docs/schema/slipway.json'));
const FULL = `audit:
  fail-on: warning
  budget: 20MB
  base-age: 30
  labels: [org.opencontainers.image.source]
  require: [healthcheck, sbom]
  checks: { shell: off, setuid: error }
  allow: { setuid: [/usr/bin/su], secrets-in-files: [/app/keys/**] }
`;

test('a policy says everything that can be said', async () => {
  assert.deepEqual(await readPolicy(FULL, 'policy.yaml'), {
    failOn: 'warning',
    budgetBytes: 20_000_000,
    maxBaseAgeDays: 30,
    labels: ['org.opencontainers.image.source'],
    required: ['healthcheck', 'sbom'],
    levels: { shell: 'off', setuid: 'error' },
    allowed: { setuid: ['/usr/bin/su'], 'secrets-in-files': ['/app/keys/**'] },
  });
  assert.ok(accepts(parse(FULL)), JSON.stringify(accepts.errors));
  assert.deepEqual(await readPolicy('lint:\n', 'slipway.yaml'), DEFAULT_POLICY);
});

for (const text of [
  'audit:\n  chekcs: {}\n',
  'audit:\n  checks: { usr: off }\n',
  'audit:\n  checks: { user: no-level }\n',
  'audit:\n  require: [usr]\n',
  'audit:\n  allow: { usr: [] }\n',
  'audit:\n  budget: much\n',
  'audit:\n  base-age: old\n',
  'audit: 3\n',
]) {
  test(`a policy is refused, and by the schema, where it says ${JSON.stringify(text)}`, async () => {
    await assert.rejects(readPolicy(text, 'policy.yaml'), { code: 'CONFIG_INVALID' });
    assert.ok(!accepts(parse(text)));
  });
}

test('the schema knows every check', () => {
  assert.deepEqual(
    readJson('docs/schema/slipway.json').definitions.auditCheck.enum,
    CHECKS.map(({ name }) => name),
  );
});
