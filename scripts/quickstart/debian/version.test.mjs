import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions, satisfiesVersion } from './version.mjs';

const ascending = [
  ['1.0~rc1', '1.0'],
  ['1.0~~', '1.0~'],
  ['1.0~rc1-1', '1.0~rc2-1'],
  ['1.0', '1.0-1'],
  ['1.0', '1.0a'],
  ['1.0a', '1.0+b'],
  ['1.9', '1.10'],
  ['9', '10'],
  ['2.0', '1:0.1'],
  ['1.2-3', '1.2-3+b1'],
  ['1.26.9-1', '1.26.10-1'],
  ['1.2-3-1', '1.2-3-2'],
  ['20260101123456788', '20260101123456789'],
  ['1.24.1-1~bpo12+1', '1.24.1-1'],
];
for (const [low, high] of ascending) {
  test(`${low} sorts before ${high}`, () => {
    assert.ok(compareVersions(low, high) < 0);
    assert.ok(compareVersions(high, low) > 0);
  });
}

for (const [a, b] of [
  ['1.0', '0:1.0'],
  ['1.00', '1.0'],
  ['1.0', '1.0-0'],
  ['2.41-12+deb13u4', '2.41-12+deb13u4'],
]) {
  test(`${a} equals ${b}`, () => assert.equal(compareVersions(a, b), 0));
}

for (const [version, operator, wanted, expected] of [
  ['1.0', '<<', '1.0', false],
  ['1.0', '<=', '1.0', true],
  ['1.0', '=', '1.0', true],
  ['2.41-12', '>=', '2.38', true],
  ['1.0', '>>', '1.0', false],
]) {
  test(`${version} ${operator} ${wanted} is ${expected}`, () =>
    assert.equal(satisfiesVersion(version, operator, wanted), expected));
}
