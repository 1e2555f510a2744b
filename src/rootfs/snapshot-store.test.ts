import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { diffIdOf } from './layer-from-snapshot.ts';
import { openLayeredView } from './layered-view.ts';
import { OverlaySnapshotter } from './overlay-snapshotter.ts';
import { removeTree } from './remove-tree.ts';
import { RootWriter } from './root-writer.ts';
import type { Snapshot } from './snapshot.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-store-'));
after(() => removeTree(dir));
const newDir = () => join(mkdtempSync(join(dir, 'store-')), 'snapshots');

async function commitFile(store: OverlaySnapshotter, parent: Snapshot | undefined, path: string, id?: string) {
  await using active = await store.prepare(parent, id);
  const writer = new RootWriter(active);
  writer.putInline(path, path, { mode: 0o644, uid: process.getuid?.(), gid: process.getgid?.() });
  writer.finish();
  return active.commit();
}

test('a committed snapshot is found by another snapshotter with its whole chain', async () => {
  const folder = newDir();
  const store = new OverlaySnapshotter(folder);
  const base = await commitFile(store, undefined, 'a');
  const next = await commitFile(store, base, 'b');
  assert.deepEqual(await new OverlaySnapshotter(folder).get(next.id), next);
  assert.deepEqual([...(await store.list())].sort(), [base.id, next.id].sort());
  assert.deepEqual(openLayeredView(next, 'view').readdir(''), ['a', 'b']);
});

test('what is not committed leaves nothing', async () => {
  const folder = newDir();
  const store = new OverlaySnapshotter(folder);
  {
    await using active = await store.prepare(undefined);
    writeFileSync(join(active.diffDir, 'a'), '');
    mkdirSync(join(active.diffDir, 'locked'), { mode: 0 });
  }
  assert.deepEqual(readdirSync(folder), []);
  assert.equal(await store.get('nothing'), undefined);
  assert.equal(await store.get('../escape'), undefined);
});

test('nobody else on the machine reaches the programs of images', async () => {
  const folder = newDir();
  await commitFile(new OverlaySnapshotter(folder), undefined, 'setuid');
  assert.equal(statSync(folder).mode & 0o077, 0);
});

test('of two commits of one id the first wins', async () => {
  const store = new OverlaySnapshotter(newDir());
  const first = await commitFile(store, undefined, 'a', 'chain-1');
  const second = await commitFile(store, undefined, 'b', 'chain-1');
  assert.deepEqual(second, first);
  assert.deepEqual(openLayeredView(second, 'view').readdir(''), ['a']);
});

test('a damaged record is no snapshot, can be removed, and is replaced by a commit', async () => {
  const folder = newDir();
  for (const replace of [true, false]) {
    const { id } = await commitFile(new OverlaySnapshotter(folder), undefined, 'a', 'chain');
    for (const name of readdirSync(join(folder, id)).filter((each) => each !== 'fs')) {
      writeFileSync(join(folder, id, name), '{"par');
    }
    const store = new OverlaySnapshotter(folder);
    assert.equal(await store.get(id), undefined);
    if (replace) assert.equal((await commitFile(store, undefined, 'b', 'chain')).id, id);
    else await store.remove(id);
    await store.remove(id);
    assert.deepEqual(await store.list(), []);
  }
});

test('a chain of 150 works', async () => {
  const store = new OverlaySnapshotter(newDir());
  let top: Snapshot | undefined;
  for (let i = 0; i < 150; i++) top = await commitFile(store, top, `f${String(i).padStart(3, '0')}`);
  const view = openLayeredView(top, 'view');
  assert.equal(view.readdir('').length, 150);
  assert.equal(view.lstat('f000')?.size, 4);
});

test('a rebased snapshot shares the difference, which outlives its first owner', async () => {
  const folder = newDir();
  const store = new OverlaySnapshotter(folder);
  const base = await commitFile(store, undefined, 'base');
  const diff = await commitFile(store, undefined, 'diff');
  const rebased = await store.rebase(diff, base);
  assert.equal(rebased.diffDir, diff.diffDir);
  assert.equal(await store.remove(diff.id), 0);
  assert.equal(await store.get(diff.id), undefined);
  const again = await new OverlaySnapshotter(folder).get(rebased.id);
  assert.deepEqual(openLayeredView(again, 'view').readdir(''), ['base', 'diff']);
  assert.ok((await store.remove(rebased.id)) > 0);
  await store.remove(base.id);
  assert.deepEqual(readdirSync(folder), ['.lock']);
});

test('the layer of a rebased snapshot is the one it was', async () => {
  const store = new OverlaySnapshotter(newDir());
  const base = await commitFile(store, undefined, 'same');
  const diff = await commitFile(store, undefined, 'same');
  const identity = await diffIdOf(diff);
  const rebased = await store.rebase(diff, base);
  assert.deepEqual(await diffIdOf(rebased), identity);
  assert.deepEqual(await store.rebase(rebased, diff).then((again) => diffIdOf(again)), identity);
});

test('a name that is no UTF-8 is refused, not changed', async () => {
  const store = new OverlaySnapshotter(newDir());
  await using active = await store.prepare(undefined);
  writeFileSync(Buffer.concat([Buffer.from(`${active.diffDir}/caf`), Buffer.from([0xe9])]), '');
  const snapshot = await active.commit();
  await assert.rejects(diffIdOf(snapshot), { code: 'LAYER_FILE_NAME' });
  assert.throws(() => openLayeredView(snapshot, 'view').lstat('caf\ufffd'), { code: 'LAYER_FILE_NAME' });
});

test('removing is idempotent and counts bytes', async () => {
  const store = new OverlaySnapshotter(newDir());
  const snapshot = await commitFile(store, undefined, 'a');
  assert.ok((await store.remove(snapshot.id)) > 0);
  assert.equal(await store.remove(snapshot.id), 0);
  assert.equal(await store.get(snapshot.id), undefined);
});

test('the leftovers of a killed process go away, the work of a living one stays', async () => {
  const folder = newDir();
  const living = new OverlaySnapshotter(folder);
  await using active = await living.prepare(undefined);
  const dead = join(folder, '.active-dead');
  mkdirSync(join(dead, 'fs'), { recursive: true });
  writeFileSync(join(dead, 'lock'), '');
  await using _other = await new OverlaySnapshotter(folder).prepare(undefined);
  assert.equal(existsSync(dead), false);
  assert.equal(existsSync(active.diffDir), true);
});

test('the lock of work under way ends with kill -9', async (t) => {
  const folder = newDir();
  const work = join(folder, '.active-child');
  mkdirSync(join(work, 'fs'), { recursive: true });
  const child = spawn('flock', ['-x', join(work, 'lock'), '-c', 'echo locked; exec sleep 60'], { detached: true });
  child.on('error', () => undefined);
  if (!child.pid) {
    t.skip('no flock(1)');
    return;
  }
  await once(child.stdout, 'data');
  await using _one = await new OverlaySnapshotter(folder).prepare(undefined);
  assert.equal(existsSync(work), true);
  process.kill(-child.pid, 'SIGKILL');
  await once(child, 'exit');
  await new Promise((resolve) => setTimeout(resolve, 20));
  await using _two = await new OverlaySnapshotter(folder).prepare(undefined);
  assert.equal(existsSync(work), false);
});

test('records are small JSON without paths', async () => {
  const folder = newDir();
  const store = new OverlaySnapshotter(folder);
  const base = await commitFile(store, undefined, 'a');
  const next = await commitFile(store, base, 'b');
  const record = JSON.parse(readFileSync(join(folder, next.id, 'snapshot.json'), 'utf8'));
  assert.deepEqual(
    Object.keys(record).filter((key) => key !== 'hasOwners'),
    ['parent'],
  );
});

test('removeTree neither follows links nor stops at modes', () => {
  const folder = mkdtempSync(join(dir, 'tree-'));
  const outside = mkdtempSync(join(dir, 'outside-'));
  writeFileSync(join(outside, 'precious'), '');
  mkdirSync(join(folder, 'a/b'), { recursive: true });
  writeFileSync(join(folder, 'a/b/c'), 'x');
  spawnSyncChecked('ln', ['-s', outside, join(folder, 'a/link')]);
  spawnSyncChecked('chmod', ['-R', 'a-w', folder]);
  removeTree(folder);
  assert.equal(existsSync(folder), false);
  assert.equal(existsSync(join(outside, 'precious')), true);
});

function spawnSyncChecked(file: string, args: readonly string[]): void {
  assert.equal(spawnSync(file, args).status, 0);
}
