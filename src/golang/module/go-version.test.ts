import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareGoVersions } from './go-version.ts';

test('versions of Go are ordered', () => {
  const sorted = ['1.22.3', 'go1.26.0', '1.9', '1.22', '1.22rc1', '1.26beta1'].toSorted(compareGoVersions);
  assert.deepEqual(sorted, ['1.9', '1.22rc1', '1.22', '1.22.3', '1.26beta1', 'go1.26.0']);
});
