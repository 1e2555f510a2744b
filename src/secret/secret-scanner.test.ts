import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SecretScanner, type SecretScannerOptions } from './secret-scanner.ts';

const TOKEN = `gh${'p_'}k3Xv9QmT2bLr7YpW5sZd8NcF1hJg6RaE4uVo`;

function scan(bytes: Buffer, chunkBytes: number, options: SecretScannerOptions = {}) {
  const scanner = new SecretScanner(options);
  for (let at = 0; at < bytes.length; at += chunkBytes) scanner.write(bytes.subarray(at, at + chunkBytes));
  return scanner.finish();
}

for (const chunkBytes of [1, 7, 4096, 256 * 1024, 10_000_000]) {
  test(`secrets are found whole and once in chunks of ${chunkBytes} bytes`, () => {
    const line = 'a line of harmless text\n';
    const lines = Array.from({ length: 40_000 }, (_, index) => (index % 9973 === 5 ? `token=${TOKEN}\n` : line));
    const bytes = Buffer.from(chunkBytes === 1 ? lines.slice(0, 2000).join('') : lines.join(''));
    const found = scan(bytes, chunkBytes);
    assert.deepEqual(
      found.map(({ line }) => line),
      (chunkBytes === 1 ? [5] : [5, 9978, 19951, 29924, 39897]).map((index) => index + 1),
    );
    for (const { offset, length, column } of found) {
      assert.equal(bytes.toString('latin1', offset, offset + length), TOKEN);
      assert.equal(column, 7);
    }
  });
}

test('a secret across the border of two windows is found once', () => {
  for (let shift = -50; shift <= 10; shift += 5) {
    const bytes = Buffer.concat([
      Buffer.alloc(256 * 1024 - 8192 + shift, '.'),
      Buffer.from(TOKEN),
      Buffer.alloc(300_000, '.'),
    ]);
    assert.equal(scan(bytes, 64 * 1024).length, 1, `shifted by ${shift}`);
  }
});

test('binary content has no lines and no assignments', () => {
  const bytes = Buffer.concat([Buffer.from([0, 1, 2]), Buffer.from(`\npassword=k3Xv9QmT2bLr7YpW5sZd\n${TOKEN}`)]);
  const found = scan(bytes, 1024, { assignments: 'literal' });
  assert.deepEqual(
    found.map(({ kind, line }) => [kind, line]),
    [['github-token', undefined]],
  );
});

test('no more findings are kept than were asked for', () => {
  const bytes = Buffer.from(`${TOKEN}\n`.repeat(50_000));
  assert.equal(scan(bytes, 64 * 1024, { maxFindings: 10 }).length, 10);
});

test('text made to be slow takes no time to speak of', () => {
  const texts = [
    '-----BEGIN '.repeat(50_000),
    `eyJ${'a'.repeat(500_000)}`,
    'machine '.repeat(60_000),
    '://a:'.repeat(100_000),
    `password=${'"'.repeat(500_000)}`,
    'a.'.repeat(250_000),
  ];
  const startedMs = process.cpuUsage().user / 1000;
  for (const text of texts) scan(Buffer.from(text), 64 * 1024, { assignments: 'literal' });
  // Quadratic work would take minutes.
  assert.ok(process.cpuUsage().user / 1000 - startedMs < 20_000);
});
