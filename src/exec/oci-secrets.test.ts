import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { OciExecutor } from './oci-executor.ts';

const BUSYBOX = ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path));

/** Files below a directory that contain a text; what a process takes away meanwhile has none. */
function filesWith(dir: string, text: string): string[] {
  return readdirSync(dir, { recursive: true }).filter((name) => {
    const path = join(dir, String(name));
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat?.isFile() && readFileSync(path, 'utf8').includes(text);
  }) as string[];
}

for (const [kind, path] of [
  ['crun', '/usr/bin/crun'],
  ['runc', '/usr/sbin/runc'],
] as const) {
  const skip = process.geteuid?.() !== 0 ? 'not root' : !BUSYBOX || !existsSync(path) ? `no busybox or ${kind}` : false;
  test(`${kind}: the environment of a running process is on no disk`, { skip }, async (t) => {
    const dir = mkdtempSync(join(tmpdir(), 'slipway-env-'));
    t.after(() => rmSync(dir, { recursive: true, force: true }));
    mkdirSync(join(dir, 'root/bin'), { recursive: true });
    cpSync(BUSYBOX ?? '', join(dir, 'root/bin/busybox'));
    symlinkSync('busybox', join(dir, 'root/bin/sleep'));
    let found: string[] | undefined;
    const { exitCode } = await new OciExecutor({ path, kind, description: kind }).run(
      {
        id: `slipway-env-${process.pid}-${kind}`,
        root: { kind: 'directory', path: join(dir, 'root') },
        readOnlyRoot: false,
        argv: ['/bin/sleep', '1'],
        env: ['PATH=/bin', 'TOKEN=s3cr3t-in-env'],
        cwd: '/',
        user: { uid: 0, gid: 0, additionalGids: [] },
        mounts: [],
        network: 'host',
        security: 'sandbox',
        hostname: 'box',
        extraHosts: [],
        limits: {},
        stdio: { kind: 'capture', onOutput: () => undefined },
      },
      new AbortController().signal,
      {
        onStarted: () => {
          found = filesWith(dir, 's3cr3t-in-env');
        },
      },
    );
    assert.deepEqual([exitCode, found], [0, []]);
  });
}
