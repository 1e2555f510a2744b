import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../diagnostics/known-error.ts';
import { parseCacheConfig } from './parse-cache-config.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const LAYER = { diffId: DIGEST, sizeBytes: 1024 };
const RECORD = {
  key: DIGEST,
  createdMs: 1,
  durationMs: 2,
  base: DIGEST,
  layers: [0],
  selections: { '["/x"]': DIGEST },
};
const CONFIG = { version: 1, layers: [LAYER], records: [RECORD] };

function parse(value: unknown) {
  return parseCacheConfig(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));
}

test('reads what it wrote, and nothing else of it', () => {
  assert.deepEqual(
    parse({ ...CONFIG, records: [{ ...RECORD, snapshotId: '../../etc', toString: 1 }], more: 1 }),
    CONFIG,
  );
});

const HOSTILE: readonly (readonly [what: string, config: unknown])[] = [
  ['no JSON', '{'],
  ['a list', []],
  ['another version', { ...CONFIG, version: 2 }],
  ['no layers', { ...CONFIG, layers: undefined }],
  ['a layer without a diff id', { ...CONFIG, layers: [{ sizeBytes: 1 }] }],
  ['a layer of a negative size', { ...CONFIG, layers: [{ ...LAYER, sizeBytes: -1 }] }],
  ['a layer of a path for a diff id', { ...CONFIG, layers: [{ ...LAYER, diffId: 'sha256:../../../etc/passwd' }] }],
  ['records that are none', { ...CONFIG, records: {} }],
  ['a record that is null', { ...CONFIG, records: [null] }],
  ['a key that is no digest', { ...CONFIG, records: [{ ...RECORD, key: 'x' }] }],
  ['a layer that is not there', { ...CONFIG, records: [{ ...RECORD, layers: [1] }] }],
  ['a layer by a fraction', { ...CONFIG, records: [{ ...RECORD, layers: [0.5] }] }],
  ['layers by name', { ...CONFIG, records: [{ ...RECORD, layers: ['length'] }] }],
  ['a base that is no digest', { ...CONFIG, records: [{ ...RECORD, base: 'busybox' }] }],
  ['times that are none', { ...CONFIG, records: [{ ...RECORD, createdMs: 'now' }] }],
  ['a selection that is no digest', { ...CONFIG, records: [{ ...RECORD, selections: { a: 'b' } }] }],
  ['an epoch that is none', { ...CONFIG, records: [{ ...RECORD, epochSeconds: -1 }] }],
];

for (const [what, config] of HOSTILE)
  test(`refuses ${what}`, () => {
    assert.throws(
      () => parse(config),
      (error) => error instanceof KnownError && error.code === 'CACHE_INVALID',
    );
  });
