import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remembered } from './remembered.ts';

test('each object is looked at once, whatever the answer was', () => {
  const seen: object[] = [];
  const find = remembered((key: { readonly n: number | undefined }, more: string) => {
    seen.push(key);
    return key.n === undefined ? undefined : `${key.n}${more}`;
  });
  const [one, none] = [{ n: 1 }, { n: undefined }];
  assert.deepEqual(
    [find(one, 'a'), find(one, 'a'), find(none, 'a'), find(none, 'a')],
    ['1a', '1a', undefined, undefined],
  );
  assert.deepEqual(seen, [one, none]);
});
