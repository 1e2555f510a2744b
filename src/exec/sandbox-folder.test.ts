import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ExecSpec } from './executor.ts';
import { makeSandboxFolder } from './sandbox-folder.ts';

for (const target of ['/proc/self/root/tmp/x', '/link/1/root', '/dev/fd/3/x', '/dev/stdin']) {
  test(`refuses to mount at ${target}, which leads out of the root`, (t) => {
    const dir = mkdtempSync(join(tmpdir(), 'slipway-folder-'));
    t.after(() => rmSync(dir, { recursive: true, force: true }));
    mkdirSync(join(dir, 'root/proc'), { recursive: true });
    symlinkSync('/proc', join(dir, 'root/link'));
    const spec: ExecSpec = {
      id: 't',
      root: { kind: 'directory', path: join(dir, 'root') },
      readOnlyRoot: false,
      argv: ['true'],
      env: [],
      cwd: '/',
      user: { uid: 0, gid: 0, additionalGids: [] },
      mounts: [{ type: 'tmpfs', target }],
      network: 'host',
      security: 'sandbox',
      hostname: 'box',
      extraHosts: [],
      limits: {},
      stdio: { kind: 'capture', onOutput: () => undefined },
    };
    assert.throws(() => makeSandboxFolder(spec), { code: 'SANDBOX_MOUNT_FAILED' });
    assert.deepEqual(readdirSync(dir), ['root']);
  });
}
