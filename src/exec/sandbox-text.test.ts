import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { hostsFile, resolvConf } from './etc-files.ts';
import { mountTable } from './mount-table.ts';
import { readRuntimeLog } from './oci-log.ts';
import { sandboxFailure } from './sandbox-failure.ts';
import { seccompProfile } from './seccomp-profile.ts';
import { exportLine, shellQuote } from './shell-text.ts';

test('any text survives a shell', () => {
  const text = fc.string({ unit: 'binary' }).filter((each) => !each.includes('\0'));
  fc.assert(
    fc.property(text, (value) => {
      const { line } = exportLine([`A=${value}`]);
      assert.doesNotMatch(line, /\n/);
      const script = `nl='\n'\n${line}\nprintf %s "$A"; printf %s ${shellQuote(value)}`;
      assert.equal(execFileSync('sh', ['-c', script], { encoding: 'utf8', env: {} }), value + value);
    }),
    { numRuns: 40 },
  );
});

test('a store that no overlay can be made on is told from other mounts that fail', () => {
  for (const said of [
    'mount /s/.active-1/.exec-2/root: Invalid argument',
    'mount: /s/.exec-2/root: wrong fs type, bad option, bad superblock on overlay.',
  ])
    assert.match(sandboxFailure('namespaces', 125, said).hint ?? '', /--root/);
  assert.doesNotMatch(sandboxFailure('namespaces', 125, 'mount /c/x: Invalid argument').hint ?? '', /--root/);
});

test('names that no shell exports are left out', () => {
  assert.deepEqual(exportLine(['a.b=1', 'OK=2', '1x=3', 'x-y=4']).leftOut, ['a.b=1', '1x=3', 'x-y=4']);
});

test('blanks and backslashes in a mount table are escaped', () => {
  const line = { source: '/a b\\c', target: '/t\tx#', type: 'none', options: [] };
  assert.equal(mountTable([line]), '/a\\040b\\134c /t\\011x\\043 none defaults 0 0\n');
});

test('hosts are those of BuildKit', () => {
  const extraHosts = [{ name: 'db', address: '::2' }];
  assert.equal(
    hostsFile({ hostname: 'h', extraHosts }),
    '127.0.0.1\tlocalhost h\n::1\tlocalhost ip6-localhost ip6-loopback\n::2\tdb\n',
  );
});

test('a machine without name servers gets public ones', () => {
  assert.match(resolvConf('/nosuch'), /^nameserver 8\.8\.8\.8\n/);
});

test('a seccomp profile is made for known processors only', () => {
  assert.ok(seccompProfile('x64')?.syscalls[0]?.names.includes('arch_prctl'));
  assert.ok(!seccompProfile('arm64')?.syscalls[0]?.names.includes('arch_prctl'));
  assert.ok(
    !seccompProfile('x64')?.syscalls[0]?.names.some((name) => ['mount', 'bpf', 'unshare', 'reboot'].includes(name)),
  );
  assert.equal(seccompProfile('mips'), undefined);
});

for (const [msg, exitCode] of [
  ['runc run failed: unable to start container process: exec: "x": executable file not found in $PATH', 127],
  ['executable file `x` not found in $PATH: No such file or directory', 127],
  ['exec: "/x": permission denied', 126],
  ['exec /x: exec format error', 126],
  ['cgroups in hybrid mode not supported', undefined],
] as const) {
  test(`a runtime's log: ${msg}`, () => {
    const dir = mkdtempSync(join(tmpdir(), 'slipway-log-'));
    writeFileSync(join(dir, 'log'), `{"level":"warning","msg":"w"}\n${JSON.stringify({ level: 'error', msg })}\n`);
    assert.deepEqual(readRuntimeLog(join(dir, 'log')), { message: msg, exitCode });
    rmSync(dir, { recursive: true });
    assert.equal(readRuntimeLog(join(dir, 'log')), undefined);
  });
}
