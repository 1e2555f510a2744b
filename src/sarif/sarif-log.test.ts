import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Ajv from 'ajv-draft-04';
import { type SarifRun, sarifLog } from './sarif-log.ts';

const schemaFile = 'node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json';
const schema = JSON.parse(readFileSync(join(process.env['SLIPWAY_CHECKOUT'] ?? '.', schemaFile), 'utf8'));
const isValid = new Ajv.default({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(schema);

const RANGE = { start: { line: 3, column: 1 }, end: { line: 3, column: 9 } };
const RUN: SarifRun = {
  version: '1.2.3',
  rules: [
    { id: 'one', summary: 'One thing.', level: 'warning', helpUri: 'https://slipway.example/docs/rules/one.md' },
    { id: 'two', summary: 'Another.', level: 'error' },
  ],
  results: [
    {
      ruleId: 'two',
      message: 'It is wrong.',
      places: [{ path: 'a dir/Dockerfile', range: RANGE, logical: 'stage builder' }],
      fixes: [{ description: 'Mend it', path: 'a dir/Dockerfile', replacements: [{ range: RANGE, text: 'FROM x' }] }],
      fingerprint: 'abc',
    },
    { ruleId: 'one', kind: 'pass', message: 'Fine.', places: [{ path: 'oci:image' }] },
    { ruleId: 'one', level: 'note', message: 'Nowhere.', places: [] },
  ],
};

/** As a reader of the file sees it. */
function written(run: SarifRun) {
  return JSON.parse(JSON.stringify(sarifLog(run)));
}

for (const [title, run] of [
  ['with results', RUN],
  ['without results', { ...RUN, results: [] }],
] as const) {
  test(`a log ${title} is valid by the schema`, () => {
    assert.ok(isValid(written(run)), JSON.stringify(isValid.errors));
  });
}

test('the schema is one that refuses', () => {
  assert.equal(isValid({ ...written(RUN), version: '3' }), false);
});

test('a result points into its rule and its text', () => {
  const [result] = written(RUN).runs[0].results;
  assert.equal(result.ruleIndex, 1);
  assert.deepEqual(result.locations[0].physicalLocation, {
    artifactLocation: { uri: 'a%20dir/Dockerfile' },
    region: { startLine: 3, startColumn: 1, endLine: 3, endColumn: 9 },
  });
  assert.equal(result.fixes[0].artifactChanges[0].replacements[0].insertedContent.text, 'FROM x');
});

test('what passed has no level', () => {
  const [, passed] = written(RUN).runs[0].results;
  assert.deepEqual([passed.kind, passed.level], ['pass', 'none']);
});

test('a result of an unknown rule is a bug', () => {
  assert.throws(() => sarifLog({ ...RUN, rules: [] }), /two/);
});
