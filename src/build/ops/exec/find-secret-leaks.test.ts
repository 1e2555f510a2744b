import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findSecretLeaks } from './find-secret-leaks.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-leaks-'));
// Not by Node.js: it cannot reach all of them.
after(() => execFileSync('rm', ['-rf', dir]));
const SECRET = { id: 'token', value: Buffer.from('s3cr3t-value\n') };

test('finds a value in any file, once a file, also across chunks', () => {
  mkdirSync(join(dir, 'etc'));
  writeFileSync(join(dir, 'etc/conf'), 'a=s3cr3t-value;b=s3cr3t-value');
  writeFileSync(join(dir, 'big'), `${'x'.repeat(1024 * 1024 + 6)}s3cr3t-value${'y'.repeat(100)}`);
  writeFileSync(join(dir, 'clean'), 's3cr3t');
  symlinkSync('/etc/passwd', join(dir, 'link'));
  const found = findSecretLeaks(dir, [SECRET]).map(({ path }) => path);
  assert.deepEqual([...found].sort(), ['big', 'etc/conf']);
});

test('a value too short to mean anything is not looked for', () => {
  assert.deepEqual(findSecretLeaks(dir, [{ id: 'x', value: Buffer.from('a=s') }]), []);
});

test('names that are no text and paths that are too long are passed over', () => {
  const hostile = mkdtempSync(join(dir, 'hostile-'));
  writeFileSync(join(hostile, 'conf'), 's3cr3t-value');
  writeFileSync(Buffer.concat([Buffer.from(`${hostile}/`), Buffer.from([0xff])]), 's3cr3t-value');
  const nest = "for (const name of Array(25).fill('a'.repeat(200))) { fs.mkdirSync(name); process.chdir(name); }";
  execFileSync(process.execPath, ['-e', nest], { cwd: hostile });
  assert.deepEqual(findSecretLeaks(hostile, [SECRET]), [{ secretId: 'token', path: 'conf' }]);
});
