import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../diagnostics/known-error.ts';
import { formatAge } from './age.ts';
import { formatRows } from './format-rows.ts';
import { renderGoTemplate } from './go-template.ts';

const ROWS = [
  { ID: 'abc', Tag: 'latest' },
  { ID: 'defghi', Tag: 'v1' },
];
const COLUMNS = [
  { title: 'IMAGE ID', field: 'ID' },
  { title: 'TAG', field: 'Tag' },
];

test('a table pads its columns and an empty one is its header', () => {
  assert.equal(formatRows(ROWS, COLUMNS, undefined), 'IMAGE ID   TAG\nabc        latest\ndefghi     v1\n');
  assert.equal(formatRows([], COLUMNS, undefined), 'IMAGE ID   TAG\n');
});

test('formats: json, template, table template', () => {
  assert.equal(formatRows(ROWS.slice(0, 1), COLUMNS, 'json'), '{"ID":"abc","Tag":"latest"}\n');
  assert.equal(formatRows(ROWS, COLUMNS, '{{.ID}}:{{ .Tag }}'), 'abc:latest\ndefghi:v1\n');
  assert.equal(formatRows(ROWS, COLUMNS, 'table {{.Tag}}\\t{{.ID}}'), 'TAG      ID\nlatest   abc\nv1       defghi\n');
});

for (const [template, text] of [
  ['{{.Config.Cmd}}', '[a b]'],
  ['{{json .Config}}', '{"Cmd":["a","b"],"Labels":{"x.y":"z"}}'],
  ['{{index .Config.Labels "x.y"}}', 'z'],
  ['{{len .Config.Cmd}}', '2'],
  ['{{.Config.Labels}}', 'map[x.y:z]'],
] as const) {
  test(`template ${template}`, () =>
    assert.equal(renderGoTemplate(template, { Config: { Cmd: ['a', 'b'], Labels: { 'x.y': 'z' } } }), text));
}

test('a field that is not there is named, with the nearest', () => {
  assert.throws(
    () => renderGoTemplate('{{.Tagg}}', { Tag: 1 }),
    (error) => error instanceof KnownError && /\.Tag/.test(error.hint ?? ''),
  );
  assert.throws(() => renderGoTemplate('{{range .A}}', { A: 1 }), KnownError);
});

for (const [seconds, text] of [
  [0.5, 'Less than a second'],
  [20, '20 seconds'],
  [61, 'About a minute'],
  [600, '10 minutes'],
  [3700, 'About an hour'],
  [86_400 * 3, '3 days'],
  [86_400 * 400, '13 months'],
] as const) {
  test(`${seconds} s ago is ${text}`, () => assert.equal(formatAge(seconds * 1000), text));
}
