import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { ExecSpec } from './executor.ts';
import { makeSandboxFolder } from './sandbox-folder.ts';

function specOf(dir: string, mounts: ExecSpec['mounts']): ExecSpec {
  return {
    id: 't',
    root: { kind: 'directory', path: join(dir, 'root') },
    readOnlyRoot: false,
    argv: ['true'],
    env: [],
    cwd: '/',
    user: { uid: 0, gid: 0, additionalGids: [] },
    mounts,
    network: 'host',
    security: 'sandbox',
    hostname: 'box',
    extraHosts: [],
    limits: {},
    stdio: { kind: 'capture', onOutput: () => undefined },
  };
}

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'slipway-folder-'));
  mkdirSync(join(dir, 'root'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

for (const target of ['/proc/self/root/tmp/x', '/link/1/root', '/dev/fd/3/x', '/dev/stdin']) {
  test(`refuses to mount at ${target}, which leads out of the root`, () => {
    mkdirSync(join(dir, 'root/proc'));
    symlinkSync('/proc', join(dir, 'root/link'));
    assert.throws(() => makeSandboxFolder(specOf(dir, [{ type: 'tmpfs', target }])), { code: 'SANDBOX_MOUNT_FAILED' });
    assert.deepEqual(readdirSync(dir), ['root']);
  });
}

for (const name of ['proc', 'sys', 'dev']) {
  test(`refuses a root in which /${name} is a symlink`, () => {
    symlinkSync('/tmp', join(dir, 'root', name));
    assert.throws(() => makeSandboxFolder(specOf(dir, [])), { code: 'SANDBOX_MOUNT_FAILED' });
    assert.deepEqual(readdirSync(dir), ['root']);
  });
}
