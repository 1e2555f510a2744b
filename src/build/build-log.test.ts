import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Digest } from '../image/digest.ts';
import { BuildLog } from './build-log.ts';

test('a full disk costs the log, not the build', { skip: process.geteuid?.() !== 0 ? 'not root' : false }, (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-log-'));
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir]).status !== 0) return t.skip('no mounts here');
  t.after(() => {
    spawnSync('umount', [dir]);
    rmSync(dir, { recursive: true, force: true });
  });
  using log = new BuildLog(dir, 'one');
  const vertex = `sha256:${'0'.repeat(64)}` as Digest;
  log.append(vertex, Buffer.from('first\n'));
  assert.throws(() => writeFileSync(join(dir, 'filler'), Buffer.alloc(128 * 1024)), { code: 'ENOSPC' });
  log.append(vertex, Buffer.alloc(16 * 1024));
});
