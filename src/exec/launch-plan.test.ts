import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canLaunchOn, encodeRequest, launcherNumbers } from './launch-plan.ts';

/** As perl's unpack '(N/a*)*' reads it. */
function fields(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    found.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return found;
}

test('a request keeps every byte, and tells numbers from strings', () => {
  const request = encodeRequest(
    {
      report: '/r',
      namespaces: 7,
      plan: [
        { do: 'call', what: 'umask', name: 'umask', args: [18, '18', Buffer.from([0, 255])] },
        { do: 'mount', line: { source: '/a', target: '/b', type: 'none', options: ['bind', 'ro'] } },
        { do: 'start', argv: ['sh', '-c', "ü'\n"], env: ['A=\0b'], paths: ['/bin/sh'] },
      ],
    },
    'x64',
  );
  const [whole, ...others] = fields(request);
  const [report, namespaces, ...operations] = fields(whole ?? Buffer.alloc(0)).map((field) => field);
  assert.equal(others.length, 0);
  assert.deepEqual([String(report), String(namespaces)], ['/r', '7']);
  assert.deepEqual(
    operations.map((operation) => fields(operation).map((field) => field.toString('latin1'))),
    [
      ['call', 'umask', '95', 'i18', 's18', 's\0\xff'],
      ['call', 'mount /b', '165', 's/a', 's/b', 'snone', 'i4096', 's'],
      ['restrict', '/b', '1'],
      ['environment', 'A=\0b'],
      ['paths', '/bin/sh'],
      ['start', 'sh', '-c', Buffer.from("ü'\n").toString('latin1')],
    ],
  );
});

test('processors are told from each other', () => {
  assert.ok(canLaunchOn('x64') && canLaunchOn('arm64') && !canLaunchOn('riscv64'));
  assert.equal(launcherNumbers('x64'), '165 137 257 258 59 157 56 434 65536 131072');
  assert.equal(launcherNumbers('arm64'), '40 43 56 34 221 167 220 434 16384 32768');
  assert.throws(() => launcherNumbers('riscv64'), /no system calls are known for riscv64/);
});
