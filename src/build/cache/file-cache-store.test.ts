import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Snapshot, Snapshotter } from '../../rootfs/snapshot.ts';
import { cacheKey } from './cache-key.ts';
import { FileCacheStore } from './file-cache-store.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-cache-'));
after(() => rmSync(dir, { recursive: true, force: true }));

const snapshot: Snapshot = { id: 's', parent: undefined, diffDir: '/s', ownerTable: undefined };
const snapshotter = { get: async () => snapshot } as unknown as Snapshotter;

test('a record is found by the key of the values, and keeps none that is secret', async () => {
  const store = new FileCacheStore(dir, snapshotter);
  const env = JSON.stringify(['A=plain', 'NPM_TOKEN=hunter22']);
  const key = cacheKey({ operation: 'exec', env, command: '["curl","hunter22"]' }, []);
  await store.record({ key, snapshotId: 's', createdMs: 1, durationMs: 2, name: 'RUN curl hunter22' });
  const hit = await store.lookup(key.digest);
  assert.equal(hit?.snapshot, snapshot);
  const [file = ''] = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  const text = readFileSync(join(dir, file), 'utf8');
  assert.doesNotMatch(text, /hunter22/);
  assert.match(text, /A=plain/);
});
