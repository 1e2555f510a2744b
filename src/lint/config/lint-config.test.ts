import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { codeFrame } from '../../diagnostics/code-frame.ts';
import { KnownError } from '../../diagnostics/known-error.ts';
import { readLintConfig } from './lint-config.ts';

const SCHEMA = join(process.env['SLIPWAY_CHECKOUT'] ?? '.', 'docs', 'schema', 'slipway.json');
const accepts = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')));

const FULL = `# house rules
lint:
  strict: true
  fail-on: error
  rules: { apt-no-recommends: off, JSONArgsRecommended: error, SC2086: info }
  exclude: ["examples/**"]
  pin: digest
  registries: [registry.example]
  required-labels: [org.opencontainers.image.source]
`;

describe('slipway.yaml', () => {
  it('says everything that can be said', async () => {
    const { settings, failOn, exclude } = await readLintConfig(FULL, 'slipway.yaml');
    assert.deepEqual(settings, {
      strict: true,
      severities: { 'apt-no-recommends': 'off', JSONArgsRecommended: 'error', SC2086: 'info' },
      policy: {
        pin: 'digest',
        registries: ['registry.example'],
        requiredLabels: ['org.opencontainers.image.source'],
      },
    });
    assert.equal(failOn, 'error');
    assert.deepEqual(exclude, ['examples/**']);
    assert.ok(accepts(parse(FULL)), JSON.stringify(accepts.errors));
  });

  for (const text of [
    '',
    'lint:\n',
    'lint:\n  rules:\n',
    'other: 1\n',
    'lint:\n  rules:\n    apt-no-recommends: false\n',
  ]) {
    it(`may be as short as ${JSON.stringify(text)}`, async () => {
      await readLintConfig(text, 'slipway.yaml');
      assert.ok(text === '' || accepts(parse(text)));
    });
  }

  const mistakes: Readonly<Record<string, readonly [place: string, message: string]>> = {
    'lint:\n  strikt: true\n': ['2:3', 'lint has no "strikt".'],
    'lint:\n  strict: maybe\n': ['2:11', '"strict" is not true or false.'],
    'lint:\n  fail-on: warn\n': ['2:12', '"fail-on" is not one of error, warning, info, never.'],
    'lint:\n  rules:\n    apt-no-recomends: off\n': ['3:5', 'There is no rule "apt-no-recomends".'],
    'lint:\n  rules: [a]\n': ['2:10', '"rules" is not a map.'],
    'lint:\n  exclude: x\n': ['2:12', '"exclude" is not a list of strings.'],
    'lint: 3\n': ['1:7', '"lint" is not a map.'],
    'lint: *x\n': ['1:7', '"lint" is not a map.'],
    '- a\n': ['1:1', 'slipway.yaml holds no map at its top.'],
  };
  for (const [text, [place, message]] of Object.entries(mistakes)) {
    it(`is refused where it says ${JSON.stringify(text)}`, async () => {
      const error = await readLintConfig(text, 'slipway.yaml').catch((thrown: unknown) => thrown);
      assert.ok(error instanceof KnownError && error.range);
      assert.equal(error.message, message);
      assert.equal(`${error.range.start.line}:${error.range.start.column}`, place);
      assert.ok(codeFrame(error.source ?? '', error.range).includes('>'));
    });
  }

  for (const text of Object.keys(mistakes).filter((text) => !/recomends|\*x/.test(text))) {
    it(`is refused by the schema where it says ${JSON.stringify(text)}`, () => assert.ok(!accepts(parse(text))));
  }

  it('is refused where it is no YAML', async () => {
    await assert.rejects(readLintConfig('lint: [', 'slipway.yaml'), { code: 'CONFIG_INVALID' });
  });
});
