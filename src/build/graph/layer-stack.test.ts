import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Digest } from '../../image/digest.ts';
import { createVertex } from './create-vertex.ts';
import { layerStack } from './layer-stack.ts';
import type { Op } from './op.ts';
import type { Vertex } from './vertex.ts';

const BASE = `sha256:${'b'.repeat(64)}` as Digest;

function vertex(op: Partial<Op> & Pick<Op, 'kind'>, ...inputs: readonly Vertex[]): Vertex {
  return createVertex({ op: op as Op, inputs, name: op.kind });
}

const image = vertex({ kind: 'image', manifestDigest: BASE });
const other = vertex({ kind: 'mkdir', path: '/other' });
const context = vertex({ kind: 'context', name: 'context' });
const copy = vertex({ kind: 'copy', onScratch: false }, image, context);
const run = vertex({ kind: 'exec', onScratch: false }, copy, other);
const scratchCopy = vertex({ kind: 'copy', onScratch: true }, run);

const CASES: readonly (readonly [what: string, vertex: Vertex, base: Digest | undefined, count: number])[] = [
  ['a base is nothing but itself', image, BASE, 0],
  ['a directory on nothing', other, undefined, 1],
  ['a copy on a base', copy, BASE, 1],
  ['mounts of a step are not below it', run, BASE, 2],
  ['a copy on scratch has no root, whatever it reads', scratchCopy, undefined, 1],
  ['a merge lies on its root', vertex({ kind: 'merge' }, run, scratchCopy), BASE, 3],
  ['a merge on scratch', vertex({ kind: 'merge' }, scratchCopy), undefined, 1],
  ['a download', vertex({ kind: 'fetch' }), undefined, 1],
];

for (const [what, target, base, count] of CASES)
  test(what, () => {
    assert.deepEqual(layerStack(target), { base, count });
  });
