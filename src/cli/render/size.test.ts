import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSize } from './size.ts';

for (const [bytes, text] of [
  [0, '0B'],
  [999, '999B'],
  [1000, '1kB'],
  [14_200, '14.2kB'],
  [999_499, '999kB'],
  [999_999, '1MB'],
  [3_712_345, '3.71MB'],
  [1.5e12, '1.5TB'],
] as const) {
  test(`${bytes} bytes are ${text}`, () => assert.equal(formatSize(bytes), text));
}
