import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { lockMount, mountFolder } from './mount-folder.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-mounts-'));
after(() => rmSync(dir, { recursive: true, force: true }));

test('nobody else on the machine reaches what steps leave in mounts', async () => {
  const folder = mountFolder(join(dir, 'mounts'), { kind: 'cache', id: 'tools' });
  await using _lock = await lockMount(folder, { signal: new AbortController().signal });
  assert.equal(statSync(dirname(folder)).mode & 0o077, 0);
});
