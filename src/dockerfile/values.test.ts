import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseByteSize } from './byte-size.ts';
import { csvFields } from './csv-fields.ts';
import { parseDevice } from './device.ts';
import { parseDuration } from './duration.ts';

describe('parseDuration', () => {
  const rows: readonly (readonly [string, number | undefined])[] = [
    ['0', 0],
    ['30s', 30e9],
    ['1h15m30.5s', 4_530_500_000_000],
    ['-1.5h', -5_400_000_000_000],
    ['.5ms', 500_000],
    ['1us2ns', 1002],
    ['1\u00b5s', 1000],
    ['', undefined],
    ['30', undefined],
    ['s', undefined],
    ['.s', undefined],
    ['1d', undefined],
    ['1 s', undefined],
    ['9223372037s', undefined],
    [`${'9'.repeat(5000)}h`, undefined],
  ];
  for (const [text, expected] of rows) {
    test(`reads ${text.slice(0, 20)} as ${expected}`, () => assert.equal(parseDuration(text), expected));
  }
});

describe('parseByteSize', () => {
  const rows: readonly (readonly [string, number | undefined])[] = [
    ['4096', 4096],
    ['64m', 67_108_864],
    ['1.5GiB', 1_610_612_736],
    ['100 kb', 102_400],
    ['7b', 7],
    ['1e3', 1000],
    ['', undefined],
    ['m', undefined],
    ['-1', undefined],
    ['1x', undefined],
    ['1kib2', undefined],
  ];
  for (const [text, expected] of rows) {
    test(`reads ${text} as ${expected}`, () => assert.equal(parseByteSize(text), expected));
  }
});

describe('csvFields', () => {
  const rows: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['a=b,c', ['a=b', 'c']],
    ['a,,', ['a', '', '']],
    ['"a,b","c""d"', ['a,b', 'c"d']],
    ['a\r\n', ['a']],
    ['', undefined],
    ['a"b', undefined],
    ['"a"b', undefined],
    ['"a', undefined],
  ];
  for (const [text, expected] of rows) {
    test(`splits ${JSON.stringify(text)} into ${JSON.stringify(expected)}`, () => {
      if (expected) assert.deepEqual(csvFields(text, undefined), expected);
      else assert.throws(() => csvFields(text, undefined), { code: 'DOCKERFILE_SYNTAX' });
    });
  }
});

describe('parseDevice', () => {
  test('reads a name in either spelling, and whether the device must be there', () => {
    assert.deepEqual(parseDevice('vendor.com/class=name'), { name: 'vendor.com/class=name', required: false });
    assert.deepEqual(parseDevice('name=vendor.com/class,required'), { name: 'vendor.com/class', required: true });
  });
  test('refuses a second name and unknown options', () => {
    assert.throws(() => parseDevice('a,name=b'), { code: 'DOCKERFILE_INVALID_VALUE' });
    assert.throws(() => parseDevice('a,requried=1'), { hint: 'Did you mean required?' });
  });
});
