import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';
import { collectGraph } from './collect-graph.ts';
import { createVertex } from './create-vertex.ts';
import type { Op } from './op.ts';
import type { Vertex } from './vertex.ts';

const context = (name: string): Op => ({ kind: 'context', name });
const merge = (inputs: readonly Vertex[]): Vertex => createVertex({ op: { kind: 'merge' }, inputs, name: 'merge' });

describe('createVertex', () => {
  it('has the digest of its work, not of what is shown', () => {
    const one = createVertex({ op: context('a'), name: 'one' });
    const other = createVertex({ op: context('a'), name: 'other' });
    assert.equal(one.digest, other.digest);
    assert.notEqual(one.digest, createVertex({ op: context('b'), name: 'one' }).digest);
    assert.notEqual(one.digest, createVertex({ op: context('a'), name: 'one', ignoreCache: true }).digest);
  });

  it('has another digest with other inputs, and with the same in another order', () => {
    const [a, b] = ['a', 'b'].map((name) => createVertex({ op: context(name), name })) as [Vertex, Vertex];
    assert.equal(new Set([[a, b], [b, a], [a], []].map((inputs) => merge(inputs).digest)).size, 4);
  });
});

describe('canonicalJson', () => {
  it('does not depend on the order of keys', () => {
    const entries = fc.uniqueArray(fc.tuple(fc.string(), fc.jsonValue()), { selector: ([key]) => key });
    fc.assert(
      fc.property(entries, (pairs) => {
        const there = Object.fromEntries(pairs);
        const back = Object.fromEntries([...pairs].reverse());
        assert.equal(canonicalJson(there), canonicalJson(back));
        assert.deepEqual(JSON.parse(canonicalJson(there)), JSON.parse(JSON.stringify(there)));
      }),
    );
  });
});

describe('collectGraph', () => {
  it('has every vertex once and inputs before their users', () => {
    const choices = fc.array(fc.array(fc.nat(1000), { maxLength: 4 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(choices, (inputsOf) => {
        const made: Vertex[] = [createVertex({ op: context('root'), name: 'root' })];
        for (const inputs of inputsOf) made.push(merge(inputs.map((at) => made[at % made.length] as Vertex)));
        const { vertices, target } = collectGraph(made.at(-1));
        const places = new Map(vertices.map(({ digest }, at) => [digest, at]));
        assert.equal(places.size, vertices.length);
        assert.equal(vertices.at(-1), target);
        for (const [at, { inputs }] of vertices.entries()) {
          for (const { digest } of inputs) assert.ok((places.get(digest) ?? Number.NaN) < at);
        }
      }),
    );
  });

  it('is empty without a target', () => {
    assert.deepEqual(collectGraph(undefined), { vertices: [], target: undefined });
  });

  it('follows a chain longer than the call stack', () => {
    let vertex = createVertex({ op: context('root'), name: 'root' });
    for (let step = 0; step < 20_000; step++) vertex = merge([vertex]);
    assert.equal(collectGraph(vertex).vertices.length, 20_001);
  });
});
