import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CommandContext } from '../command.ts';
import { complete } from './complete.ts';

async function candidates(words: readonly string[], cwd = '/'): Promise<readonly string[]> {
  const answer = await complete(words, { env: { SLIPWAY_ROOT: '/nowhere' }, cwd } as unknown as CommandContext);
  return answer.split('\n').flatMap((line) => line.split('\t')[0] || []);
}

test('commands complete by their beginning, of two words as well', async () => {
  assert.deepEqual(await candidates(['bu']), ['build', 'builds']);
  assert.equal((await candidates([''])).includes('help'), true);
  assert.equal((await candidates([''])).includes('RUN_FAILED'), false);
});

test('help completes commands and the codes of errors', async () => {
  assert.deepEqual(await candidates(['help', 'RUN_']), ['RUN_FAILED']);
  assert.deepEqual(await candidates(['help', 'bui']), ['build', 'builds']);
});

test('flags complete, and not behind --', async () => {
  assert.deepEqual(await candidates(['build', '--targ']), ['--target']);
  assert.deepEqual(await candidates(['build', '--', '--targ']), [':directories']);
});

test('known values complete in both spellings', async () => {
  assert.deepEqual(await candidates(['build', '--progress', 'pl']), ['plain']);
  assert.deepEqual(await candidates(['build', '--progress=pl']), ['--progress=plain']);
  assert.deepEqual(await candidates(['completion', 'b']), ['bash']);
});

test('paths are left to the shell', async () => {
  assert.deepEqual(await candidates(['build', '-f', '']), [':files']);
  assert.deepEqual(await candidates(['build', '-t', 'x', '']), [':directories']);
});

test('--target completes the stages of the Dockerfile that the line names', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'complete-'));
  t.after(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, 'Dockerfile'), 'FROM scratch AS first\nFROM scratch AS second\nFROM scratch\n');
  assert.deepEqual(await candidates(['build', '--target', ''], dir), ['first', 'second']);
  assert.deepEqual(await candidates(['build', dir, '--target', 'f']), ['first']);
  assert.deepEqual(await candidates(['build', '-f', join(dir, 'Dockerfile'), '--target=s']), ['--target=second']);
  assert.deepEqual(await candidates(['build', '--target', ''], '/proc'), []);
});

test('without a store there are no images, and no error', async () => {
  assert.deepEqual(await candidates(['run', '']), []);
});
