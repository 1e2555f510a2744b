import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasSubordinateIds } from './machine.mjs';

for (const [text, expected] of [
  ['', false],
  ['joe:100000:65536\n', true],
  ['1000:100000:65536\n', true],
  ['joe:100000:1000\n', false],
  ['ann:100000:65536\njoe:165536:65536\n', true],
  ['joey:100000:65536\n', false],
]) {
  test(`${JSON.stringify(text)} ${expected ? 'is enough' : 'is not enough'} for joe`, () =>
    assert.equal(hasSubordinateIds(text, 'joe', 1000), expected));
}
