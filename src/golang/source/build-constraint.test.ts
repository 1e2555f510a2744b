import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constraintHolds, LINUX, missingTags, nameIsBuilt, oldConstraint } from './build-constraint.ts';

for (const [name, isBuilt] of [
  ['a.go', true],
  ['a_linux.go', true],
  ['a_windows.go', false],
  ['a_linux_amd64.go', true],
  ['a_linux_arm64.go', false],
  ['a_amd64.go', true],
  ['a_windows_amd64.go', false],
  ['a_unix.go', true],
  ['linux.go', true],
  ['windows.go', true],
  ['a_darwin_test.go', false],
] as const) {
  test(`${name} is ${isBuilt ? '' : 'not '}built for linux/amd64`, () => {
    assert.equal(nameIsBuilt(name, LINUX), isBuilt);
  });
}

for (const [expression, holds] of [
  ['linux', true],
  ['ignore', false],
  ['!windows', true],
  ['linux && !cgo', false],
  ['(darwin || linux) && go1.18', true],
  ['!(linux || darwin)', false],
  ['unix', true],
  ['windows || arm64', false],
  ['linux &&', false],
  ['linux linux', false],
  ['', false],
  ['('.repeat(10_000), false],
] as const) {
  test(`${JSON.stringify(expression.slice(0, 40))} is ${holds}`, () => {
    assert.equal(constraintHolds(expression, LINUX), holds);
  });
}

for (const [expression, tags] of [
  ['postgres', ['postgres']],
  ['linux && postgres', ['postgres']],
  ['mysql || postgres', ['mysql']],
  ['a && b', ['a', 'b']],
  ['a && !b', ['a']],
  ['windows && postgres', []],
  ['ignore', []],
  ['linux', []],
  ['!postgres', []],
  [Array.from({ length: 11 }, (_, at) => `t${at}`).join(' && '), []],
] as const) {
  test(`for ${JSON.stringify(expression.slice(0, 40))} there lack ${tags.join(', ') || 'no tags'}`, () => {
    assert.deepEqual(missingTags(expression, LINUX), tags);
  });
}

test('tags that are set hold', () => {
  assert.equal(constraintHolds('a && !b', { ...LINUX, tags: ['a'] }), true);
  assert.deepEqual(missingTags('a && c', { ...LINUX, tags: ['a'] }), ['c']);
});

test('old lines become one expression', () => {
  assert.equal(oldConstraint([' linux,cgo darwin', '!foo']), '(linux && cgo || darwin) && (!foo)');
});
