import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { createPrivateFile } from './private-file.ts';

const parent = mkdtempSync(join(tmpdir(), 'slipway-private-'));
after(() => rmSync(parent, { recursive: true }));

const SECRET = { content: 's3cret', mode: 0o400, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

test('the file is the step’s alone, and gone when it is removed', () => {
  const file = createPrivateFile(SECRET, parent);
  assert.equal(readFileSync(file.path, 'utf8'), 's3cret');
  assert.equal(statSync(file.path).mode & 0o7777, 0o400);
  assert.equal(statSync(dirname(file.path)).mode & 0o7777, 0o700);
  file.remove();
  file.remove();
  assert.deepEqual(readdirSync(parent), []);
});

test('an owner that cannot be had is no failure', () => {
  createPrivateFile({ ...SECRET, uid: 2 ** 31, gid: 2 ** 31 }, parent).remove();
});

test('leftovers of the dead go away, those of the living and of nobody stay', async (t) => {
  const held = createPrivateFile(SECRET, parent);
  t.after(() => held.remove());
  const dead = join(parent, 'slipway-step-dead');
  mkdirSync(dead);
  symlinkSync('/', join(parent, 'slipway-step-link'));
  createPrivateFile(SECRET, parent).remove();
  assert.ok(existsSync(dead), 'it may be another process’s, made just now');
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 60_000 });
  createPrivateFile(SECRET, parent).remove();
  assert.equal(existsSync(dead), false);
  assert.ok(existsSync(held.path));
  assert.ok(existsSync(join(parent, 'slipway-step-link', 'usr')));
});
