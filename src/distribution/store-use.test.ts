import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { KnownError } from '../diagnostics/known-error.ts';
import { beginSweep, useStore } from './store-use.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-use-'));
after(() => rmSync(dir, { recursive: true }));
const newRoot = () => mkdtempSync(join(dir, 'root-'));

test('a sweep sees who uses the store, and nobody else', async () => {
  const root = newRoot();
  const first = await useStore(root);
  {
    using sweep = beginSweep(root);
    assert.deepEqual(
      sweep.users.map(({ pid }) => pid),
      [process.pid],
    );
  }
  first[Symbol.dispose]();
  using sweep = beginSweep(root);
  assert.deepEqual(sweep.users, []);
  assert.deepEqual(readdirSync(join(root, 'use')), ['sweeping']);
});

test('whoever comes while a sweep is under way waits for its end', async () => {
  const root = newRoot();
  const sweep = beginSweep(root);
  let isIn = false;
  const use = useStore(root).then((held) => {
    isIn = true;
    return held;
  });
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal(isIn, false);
  sweep[Symbol.dispose]();
  (await use)[Symbol.dispose]();
  assert.deepEqual(readdirSync(join(root, 'use')), []);
});

test('waiting ends with the signal and leaves nothing', async () => {
  const root = newRoot();
  using _sweep = beginSweep(root);
  const reason = new Error('stopped');
  const controller = new AbortController();
  const use = useStore(root, controller.signal);
  controller.abort(reason);
  await assert.rejects(use, reason);
  assert.deepEqual(readdirSync(join(root, 'use')), ['sweeping']);
});

test('a second prune is refused, and what a dead process left means nothing', () => {
  const root = newRoot();
  {
    using _sweep = beginSweep(root);
    assert.throws(
      () => beginSweep(root),
      (error) => error instanceof KnownError && error.code === 'STORE_LOCKED',
    );
  }
  mkdirSync(join(root, 'use'), { recursive: true });
  const { pid } = spawnSync('true');
  const namespace = /\d+/.exec(readlink())?.[0];
  writeFileSync(join(root, 'use', `${namespace}.${pid}.1.aa`), '');
  symlinkSync(`${namespace}.${process.pid}.1`, join(root, 'use', 'sweeping'));
  using sweep = beginSweep(root);
  assert.deepEqual(sweep.users, []);
  assert.match(readlinkSync(join(root, 'use', 'sweeping')), new RegExp(`^${namespace}\\.${process.pid}\\.`));
});

function readlink(): string {
  return spawnSync('readlink', [`/proc/${process.pid}/ns/pid`], { encoding: 'utf8' }).stdout;
}
