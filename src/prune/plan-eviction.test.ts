import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type EvictionRules, planEviction } from './plan-eviction.ts';
import { type Content, type ContentId, type Inventory, ITEM_KINDS, type StoreItem } from './store-item.ts';

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;
const RULES: EvictionRules = { cache: false, namedImages: false, unnamedImages: false, nowMs: NOW };

function item(id: string, fields: Partial<StoreItem> = {}): StoreItem {
  return { kind: 'record', id, name: id, bytes: 1, usedMs: NOW - HOUR, paths: [], holds: [], ...fields };
}

function inventory(items: readonly StoreItem[], contents: Readonly<Record<string, Content>> = {}): Inventory {
  const all = new Map(Object.entries(contents)) as Map<ContentId, Content>;
  return { items, contents: all, totalBytes: [...items, ...all.values()].reduce((sum, { bytes }) => sum + bytes, 0) };
}

function evicted(store: Inventory, rules: Partial<EvictionRules>): string[] {
  return planEviction(store, { ...RULES, ...rules }).evictions.map(({ item: { id } }) => id);
}

const layer = (bytes: number, ...needs: ContentId[]): Content => ({ bytes, needs });

test('what was not used for longest goes first, and no more than has to', () => {
  const store = inventory(
    [
      item('young', { holds: ['snapshots/y'], usedMs: NOW - HOUR }),
      item('old', { holds: ['snapshots/o'], usedMs: NOW - 100 * HOUR }),
      item('older', { holds: ['snapshots/p'], usedMs: NOW - 900 * HOUR }),
    ],
    { 'snapshots/y': layer(100), 'snapshots/o': layer(100), 'snapshots/p': layer(100) },
  );
  assert.deepEqual(evicted(store, { ceilingBytes: 303 }), []);
  assert.deepEqual(evicted(store, { ceilingBytes: 300 }), ['older']);
  assert.deepEqual(evicted(store, { ceilingBytes: 150 }), ['older', 'old']);
});

test('of what is about as old, the cheapest to make again for its bytes goes first', () => {
  const store = inventory(
    [
      item('compile', { holds: ['snapshots/a'], remakeMs: 60_000, usedMs: NOW - 61 * 60_000 }),
      item('copy', { holds: ['snapshots/b'], remakeMs: 50, usedMs: NOW - HOUR - 1 }),
    ],
    { 'snapshots/a': layer(100), 'snapshots/b': layer(100) },
  );
  assert.deepEqual(evicted(store, { ceilingBytes: 150 }), ['copy']);
});

test('a chain of steps goes from its end', () => {
  const store = inventory(
    [item('base', { holds: ['snapshots/1'], usedMs: NOW - 9 * HOUR }), item('top', { holds: ['snapshots/2'] })],
    { 'snapshots/1': layer(100), 'snapshots/2': layer(100, 'snapshots/1') },
  );
  assert.deepEqual(evicted(store, { ceilingBytes: 150 }), ['top']);
  assert.deepEqual(evicted(store, { ceilingBytes: 50 }), ['top', 'base']);
});

test('two steps of one snapshot go together', () => {
  const store = inventory([item('a', { holds: ['snapshots/1'] }), item('b', { holds: ['snapshots/1'] })], {
    'snapshots/1': layer(100),
  });
  assert.deepEqual(evicted(store, { ceilingBytes: 50 }).sort(), ['a', 'b']);
});

test('a step whose files an image keeps is not lost for nothing', () => {
  const image = item('image', { kind: 'image', holds: ['snapshots/1'] });
  const store = inventory([image, item('step', { holds: ['snapshots/1'] })], { 'snapshots/1': layer(100) });
  const plan = planEviction(store, { ...RULES, ceilingBytes: 50 });
  assert.deepEqual(plan.evictions, []);
  assert.deepEqual(plan.held, [
    { why: 'named', bytes: 101 },
    { why: 'small', bytes: 1 },
  ]);
  assert.deepEqual(evicted(store, { ceilingBytes: 101 }), ['step']);
});

for (const [rules, goes] of [
  [{}, ['left']],
  [{ unnamedImages: true }, ['left', 'dangling']],
  [{ cache: true }, ['left', 'step', 'mount']],
  [{ cache: true, keepSinceMs: NOW - 2 * HOUR }, ['left', 'mount']],
  [{ kinds: ['mount'] }, ['mount']],
  [{ kinds: ['image'], unnamedImages: true, namedImages: true }, ['named', 'dangling']],
  [{ kinds: ['snapshot'] }, ['left']],
  [{ cache: true, matches: ({ id }: StoreItem) => id === 'step' }, ['step']],
] as const satisfies (readonly [Partial<EvictionRules>, string[]])[]) {
  test(`${JSON.stringify(rules)} takes ${goes.join(', ')}`, () => {
    const store = inventory([
      item('named', { kind: 'image' }),
      item('dangling', { kind: 'image', isUnnamed: true }),
      item('step'),
      item('mount', { kind: 'mount', usedMs: NOW - 5 * HOUR }),
      item('build', { kind: 'build' }),
      item('left', { kind: 'snapshot', garbage: 'unreferenced' }),
      item('busy', { usedBy: 'a running build', garbage: 'unreferenced' }),
    ]);
    assert.deepEqual(evicted(store, rules).sort(), [...goes].sort());
  });
}

const anItem = fc.record({
  kind: fc.constantFrom(...ITEM_KINDS),
  bytes: fc.nat(1000),
  usedMs: fc.integer({ min: NOW - 1000 * HOUR, max: NOW }),
  remakeMs: fc.option(fc.nat(100_000), { nil: undefined }),
  holds: fc.uniqueArray(fc.nat(11), { maxLength: 3 }),
  usedBy: fc.constantFrom(undefined, undefined, undefined, 'a running build'),
  isUnnamed: fc.boolean(),
});
/** Contents need only those below them. */
const someContents = fc.array(fc.record({ bytes: fc.nat(5000), needs: fc.uniqueArray(fc.nat(10), { maxLength: 2 }) }), {
  minLength: 12,
  maxLength: 12,
});

test('nothing that stays misses what it relies on, and the sums are right', () => {
  fc.assert(
    fc.property(fc.array(anItem, { maxLength: 20 }), someContents, fc.nat(60_000), (items, contents, ceilingBytes) => {
      const id = (index: number): ContentId => `snapshots/${index}`;
      const store = inventory(
        items.map(({ holds, ...fields }, index) => item(`${index}`, { ...fields, holds: holds.map(id) })),
        Object.fromEntries(
          contents.map(({ bytes, needs }, index) => [
            id(index),
            { bytes, needs: needs.filter((need) => need < index).map(id) },
          ]),
        ),
      );
      const { evictions, remainingBytes, held } = planEviction(store, { ...RULES, ceilingBytes });
      const gone = new Set(evictions.flatMap(({ contents: all }) => all));
      const out = new Set(evictions.map((eviction) => eviction.item));
      const stays = store.items.filter((each) => !out.has(each));
      for (const { holds } of stays) for (const content of holds) assert.ok(!gone.has(content));
      for (const [content, { needs }] of store.contents) {
        if (!gone.has(content)) for (const need of needs) assert.ok(!gone.has(need));
      }
      assert.ok(evictions.every((eviction) => eviction.item.usedBy === undefined));
      assert.equal(remainingBytes, store.totalBytes - evictions.reduce((sum, { bytes }) => sum + bytes, 0));
      assert.equal(
        held.reduce((sum, { bytes }) => sum + bytes, 0),
        remainingBytes,
      );
      assert.equal(new Set(evictions.map((eviction) => eviction.item)).size, evictions.length);
      const isEvictable = ({ usedBy, kind, isUnnamed }: StoreItem) => !usedBy && (kind !== 'image' || isUnnamed);
      // Under the ceiling, unless what could still go frees only its own few bytes.
      if (remainingBytes > ceilingBytes) {
        const rest = stays.filter(isEvictable).reduce((sum, { bytes }) => sum + bytes, 0);
        assert.ok(remainingBytes - rest > ceilingBytes);
      }
    }),
  );
});
