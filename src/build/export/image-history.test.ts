import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillCreated } from './image-history.ts';

const times = (base: readonly (string | undefined)[], own: readonly (string | undefined)[]) =>
  fillCreated(
    base.map((created) => (created === undefined ? {} : { created })),
    own.map((created) => ({ created })),
  ).map(({ created }) => created);

for (const [title, base, own, wanted] of [
  [
    'before the first layer: that layer, not the base',
    ['b'],
    [undefined, 'x', undefined, 'y', undefined],
    ['b', 'x', 'x', 'x', 'y', 'y'],
  ],
  ['no layer of its own: the base', ['a', 'b'], [undefined], ['a', 'b', 'b']],
  ['nothing known: nothing said', [], [undefined], [undefined]],
] as const) {
  test(`an entry without a layer has a time: ${title}`, () => assert.deepEqual(times(base, own), wanted));
}

test('an entry without a time has no such field', () => {
  assert.deepEqual(fillCreated([], [{ created: undefined, created_by: 'ENV A=b' }]), [{ created_by: 'ENV A=b' }]);
});
