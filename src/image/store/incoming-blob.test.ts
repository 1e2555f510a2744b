import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { digestOf, type ExpectedBlob } from '../compression/verify-stream.ts';
import { BlobStore } from './blob-store.ts';

const BYTES = randomBytes(3_000_000);
const WHOLE: ExpectedBlob = { digest: digestOf(BYTES), size: BYTES.length };

/** A blob whose bytes come when the test says so. */
function incoming(t: TestContext, expected = WHOLE) {
  const dir = mkdtempSync(join(tmpdir(), 'incoming-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const store = new BlobStore(dir);
  const source = new PassThrough();
  return { store, source, blob: store.receive(source, expected), names: () => readdirSync(join(dir, 'blobs/sha256')) };
}

async function collect(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of source) parts.push(chunk);
  return Buffer.concat(parts);
}

test('a blob is read while it comes, by several readers', async (t) => {
  const { store, source, blob, names } = incoming(t);
  const early = blob.open();
  source.write(BYTES.subarray(0, 2_000_000));
  const first = (await early.next()).value as Buffer;
  assert.ok(first.equals(BYTES.subarray(0, first.length)));
  assert.ok(!store.has(digestOf(BYTES)), 'not visible before its end');
  const middle = collect(blob.open());
  source.end(BYTES.subarray(2_000_000));
  assert.ok(Buffer.concat([first, await collect(early)]).equals(BYTES));
  assert.ok((await middle).equals(BYTES));
  assert.deepEqual(await blob.done, WHOLE);
  assert.ok((await collect(blob.open())).equals(BYTES), 'also after its end');
  assert.ok(readFileSync(store.path(digestOf(BYTES))).equals(BYTES));
  assert.equal(names().length, 1);
});

const FAILURES: readonly (readonly [string, ExpectedBlob, RegExp])[] = [
  ['other content than promised', { digest: digestOf('other') }, /arrived with other content/],
  ['too few bytes', { size: BYTES.length + 1 }, /bytes instead of/],
  ['too many bytes', { size: 1_000_000 }, /more than/],
];

for (const [name, expected, message] of FAILURES) {
  test(`${name}: readers see the failure, and nothing is left`, async (t) => {
    const { source, blob, names } = incoming(t, expected);
    const read = collect(blob.open());
    source.end(BYTES);
    await assert.rejects(read, message);
    await assert.rejects(blob.done, message);
    await assert.rejects(collect(blob.open()), message);
    assert.deepEqual(names(), []);
  });
}

test('a source that fails fails its readers', async (t) => {
  const { source, blob, names } = incoming(t);
  const reader = blob.open();
  source.write(BYTES.subarray(0, 1_000_000));
  await reader.next();
  const read = collect(reader);
  source.destroy(new Error('the line was cut'));
  await assert.rejects(read, /the line was cut/);
  await assert.rejects(blob.done, /the line was cut/);
  assert.deepEqual(names(), []);
});

test('an empty blob has nothing to read', async (t) => {
  const { source, blob } = incoming(t, {});
  source.end();
  assert.equal((await collect(blob.open())).length, 0);
  assert.equal((await blob.done).size, 0);
});
