import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DiffId, Digest } from '../digest.ts';
import { mergeImage } from './merge-image.ts';
import type { StoredImage } from './stored-image.ts';

const known: StoredImage = {
  id: `sha256:${'1'.repeat(64)}` as Digest,
  platform: { os: 'linux', architecture: 'amd64' },
  layers: [{ diffId: `sha256:${'2'.repeat(64)}` as DiffId, size: 7, snapshotId: 'a' }],
  createdMs: 1,
  storedMs: 2,
};

test('is the known image itself when nothing is new', () => {
  assert.equal(mergeImage(known, { ...known, storedMs: 3 }), known);
});

test('takes a field that is undefined for one that is not there', () => {
  assert.equal(mergeImage(known, { ...known, annotations: undefined, storedMs: 3 }), known);
});

test('forgets what is undefined now', () => {
  const annotated = { ...known, annotations: { manifest: { a: 'b' }, descriptor: {} } };
  assert.equal(mergeImage(annotated, { ...known, annotations: undefined }).annotations, undefined);
});
