import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RegistryError } from './registry-error.ts';
import { retryAfterMs, withRetries } from './retry.ts';
import { Slots } from './slots.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const POLICY = { attempts: 4, baseDelayMs: 10, maxDelayMs: 1000 };

for (const [header, expected] of [
  [undefined, undefined],
  ['0', 0],
  ['120', 120_000],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
  ['soon', undefined],
  ['99999999999999', undefined],
] as const) {
  test(`waits ${expected} ms for Retry-After: ${header}`, () => {
    assert.equal(retryAfterMs(header, NOW), expected);
  });
}

test('waits longer each time, and ends with the last failure', async () => {
  const times: number[] = [];
  const failing = withRetries(
    POLICY,
    async () => {
      times.push(performance.now());
      throw new RegistryError('REGISTRY_FAILED', `attempt ${times.length}`, { retryable: true });
    },
    undefined,
  );
  await assert.rejects(failing, { message: 'attempt 4' });
  const waits = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  assert.ok((waits[0] ?? 0) >= 4 && (waits[1] ?? 0) >= 9 && (waits[2] ?? 0) >= 19, waits.join(' '));
});

test('does not repeat what will not change', async () => {
  for (const error of [new RegistryError('REGISTRY_DENIED', 'no'), new TypeError('a bug')]) {
    let attempts = 0;
    const failing = withRetries(
      POLICY,
      async () => {
        attempts++;
        throw error;
      },
      undefined,
    );
    await assert.rejects(failing, error);
    assert.equal(attempts, 1);
  }
});

test('serves those who wait in order, and forgets those who left', async () => {
  const slots = new Slots(1);
  const order: number[] = [];
  const first = await slots.take();
  const leaving = new AbortController();
  const left = slots.take(leaving.signal);
  const rest = [1, 2].map(async (n) => {
    using _place = await slots.take();
    order.push(n);
  });
  leaving.abort();
  await assert.rejects(left, { name: 'AbortError' });
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  await Promise.all(rest);
  assert.deepEqual(order, [1, 2]);
  await assert.rejects(slots.take(AbortSignal.abort()), { name: 'AbortError' });
});
