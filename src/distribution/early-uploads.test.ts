import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { parseReference } from '../image/reference.ts';
import { RegistryClient } from '../image/registry/registry-client.ts';
import { digestOf, RegistryDouble } from '../image/registry/registry-double.test-fixture.ts';
import { BlobStore } from '../image/store/blob-store.ts';
import { EarlyUploads } from './early-uploads.ts';
import type { Transfer } from './transfer.ts';

const LAYER = randomBytes(2_000_000);
const DIGEST = digestOf(LAYER);

async function rig(t: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), 'early-'));
  const double = await RegistryDouble.start({});
  const client = new RegistryClient({ env: {}, retry: { attempts: 3, baseDelayMs: 1, maxDelayMs: 10 } });
  t.after(async () => {
    await client.close();
    await double[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true });
  });
  const source = new PassThrough();
  const blob = new BlobStore(dir).receive(source, {});
  const transfers: Transfer[] = [];
  const uploads = new EarlyUploads(client, parseReference(`${double.host}/team/app`), {
    signal: new AbortController().signal,
    onProgress: (transfer) => transfers.push(transfer),
  });
  uploads.begin(blob);
  source.write(LAYER.subarray(0, 1_000_000));
  const finish = () => source.end(LAYER.subarray(1_000_000));
  const patched = () => double.seen.filter((line) => line.startsWith('PATCH'));
  return { double, source, blob, uploads, transfers, finish, patched };
}

test('a layer that is still compressed is sent, and named at its end', async (t) => {
  const { double, blob, uploads, finish } = await rig(t);
  finish();
  assert.equal((await blob.done).digest, DIGEST);
  assert.deepEqual([...(await uploads.settled())], [DIGEST]);
  assert.deepEqual(double.blobs.get(DIGEST), LAYER);
});

test('what the registry turns out to have is not sent to its end', async (t) => {
  const { double, uploads, finish } = await rig(t);
  double.addBlob('team/app', LAYER);
  double.fail({ method: 'PATCH', path: /uploads/, delayMs: 2000 });
  finish();
  assert.deepEqual([...(await uploads.settled())], []);
  assert.deepEqual(
    double.seen.filter((line) => line.startsWith('PUT')),
    [],
  );
});

test('a registry that refuses is told by nobody here, and not asked again', async (t) => {
  const { double, blob, uploads, finish, patched } = await rig(t);
  double.fail({ method: 'PATCH', path: /uploads/, status: 503 });
  finish();
  assert.deepEqual([...(await uploads.settled())], []);
  assert.ok(patched().length <= 1);
  assert.equal((await blob.done).digest, DIGEST, 'the store has it all the same');
});

test('a layer that cannot be compressed ends its upload', async (t) => {
  const { double, source, blob, uploads } = await rig(t);
  const ended = assert.rejects(blob.done, /no such file/);
  await blob.open().next();
  source.destroy(new Error('no such file'));
  await ended;
  assert.deepEqual([...(await uploads.settled())], []);
  assert.equal(double.blobs.size, 0);
});

test('stopped, nothing is sent any more', async (t) => {
  const { double, uploads } = await rig(t);
  uploads.stop();
  assert.deepEqual([...(await uploads.settled())], []);
  assert.equal(double.blobs.size, 0);
});
