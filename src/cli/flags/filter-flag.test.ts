import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../diagnostics/known-error.ts';
import { matchesLabel, parseFilters, parseSince } from './filter-flag.ts';

const NOW = Date.parse('2024-02-03T04:05:06Z');

for (const [text, ms] of [
  ['24h', NOW - 86_400_000],
  ['7d', NOW - 7 * 86_400_000],
  ['1h30m', NOW - 5_400_000],
  ['90s', NOW - 90_000],
  ['2024-01-31', Date.parse('2024-01-31')],
  ['2024-01-31T01:02:03Z', Date.parse('2024-01-31T01:02:03Z')],
  ['1700000000', 1_700_000_000_000],
] as const) {
  test(`since ${text}`, () => assert.equal(parseSince('--since', text, NOW), ms));
}

for (const text of ['', 'h', 'yesterday', '1w']) {
  test(`since ${JSON.stringify(text)} is no time`, () =>
    assert.throws(() => parseSince('--since', text, NOW), KnownError));
}

test('filters are names that are known, with a value', () => {
  assert.deepEqual(parseFilters(['Label=a=b'], ['label']), [{ name: 'label', value: 'a=b' }]);
  assert.throws(
    () => parseFilters(['lable=a'], ['label']),
    (error) => error instanceof KnownError && error.exitCode === 2 && /"label"/.test(error.hint ?? ''),
  );
  assert.throws(() => parseFilters(['label'], ['label']), KnownError);
});

for (const [value, isMatch] of [
  ['a', true],
  ['a=b', true],
  ['a=', false],
  ['b', false],
  ['toString', false],
] as const) {
  test(`label=${value} ${isMatch ? 'matches' : 'does not match'}`, () =>
    assert.equal(matchesLabel({ a: 'b' }, { name: 'label', value }), isMatch));
}
