import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadLibc } from './libc.ts';
import { acquireLock, tryLock } from './lock.ts';
import { setMtime } from './mtime.ts';
import { makeNode, splitDevice } from './node.ts';
import { writeFileAtomic } from './write-file-atomic.ts';
import { listXattrs, parseGetfattr, removeXattr, setXattr } from './xattr.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-system-'));
after(() => rmSync(dir, { recursive: true, force: true }));

test('koffi is there in development', (t) => {
  if (process.env.SLIPWAY_NO_KOFFI) t.skip('SLIPWAY_NO_KOFFI is set');
  else assert.ok(loadLibc());
});

test('xattrs are set, read and removed with their exact bytes', (t) => {
  const path = join(dir, 'xattrs');
  writeFileSync(path, '');
  assert.equal(listXattrs(path).size, 0);
  const value = Buffer.from([0, 255, 10, 0, 61]);
  try {
    setXattr(path, 'user.slipway', value);
  } catch (error) {
    t.skip(`no user xattrs here: ${error}`);
    return;
  }
  setXattr(path, 'user.empty', Buffer.alloc(0));
  assert.deepEqual(listXattrs(path).get('user.slipway'), value);
  assert.deepEqual([...listXattrs(path, (name) => name === 'user.empty').keys()], ['user.empty']);
  removeXattr(path, 'user.empty');
  removeXattr(path, 'user.empty');
  assert.deepEqual([...listXattrs(path).keys()], ['user.slipway']);
});

test('xattr errors carry the code of the system', () => {
  if (loadLibc()) assert.throws(() => listXattrs(join(dir, 'absent')), { code: 'ENOENT' });
  if (loadLibc()) assert.throws(() => setXattr(join(dir, 'absent'), 'user.a', Buffer.alloc(1)), { code: 'ENOENT' });
  assert.throws(() => listXattrs(`${dir}\0/x`), { code: 'ENOENT' });
});

test('the output of getfattr is read', () => {
  const text = '# file: /a/b\\040c\nuser.x=0x00ff\nuser.e=0x\n\n# file: /a/d\nuser.y=0x41\n\n';
  const files = parseGetfattr(text);
  assert.deepEqual(files.get('/a/b c')?.get('user.x'), Buffer.from([0, 255]));
  assert.deepEqual(files.get('/a/b c')?.get('user.e'), Buffer.alloc(0));
  assert.deepEqual(files.get('/a/d')?.get('user.y'), Buffer.from('A'));
});

for (const ns of [0n, 1n, 1_700_000_000_000_000_000n, 1_700_000_000_123_456_789n, -1n, -1_500_000_000n]) {
  test(`mtime ${ns} is exact and of the symlink itself`, () => {
    const path = join(dir, `mtime-${ns}`);
    symlinkSync('nowhere', path);
    setMtime(path, ns);
    assert.equal(lstatSync(path, { bigint: true }).mtimeNs, ns);
  });
}

test('a fifo and a whiteout have the mode asked for', (t) => {
  makeNode(join(dir, 'fifo'), { type: 'fifo', mode: 0o666 });
  assert.equal(lstatSync(join(dir, 'fifo')).mode, 0o010666);
  try {
    makeNode(join(dir, 'whiteout'), { type: 'char', mode: 0, major: 0, minor: 0 });
  } catch (error) {
    t.skip(`no device nodes here: ${error}`);
    return;
  }
  const stat = lstatSync(join(dir, 'whiteout'), { bigint: true });
  assert.deepEqual(splitDevice(stat.rdev), { major: 0, minor: 0 });
  assert.throws(() => makeNode(join(dir, 'fifo'), { type: 'fifo', mode: 0 }), { code: 'EEXIST' });
});

test('large device numbers survive', (t) => {
  try {
    makeNode(join(dir, 'device'), { type: 'block', mode: 0o600, major: 0xabc, minor: 0x12345 });
  } catch {
    t.skip('needs root');
    return;
  }
  const { rdev } = lstatSync(join(dir, 'device'), { bigint: true });
  assert.deepEqual(splitDevice(rdev), { major: 0xabc, minor: 0x12345 });
});

test('an exclusive lock excludes within a process, shared ones do not', async () => {
  const path = join(dir, 'lock');
  {
    await using _held = await acquireLock(path);
    assert.equal(tryLock(path), undefined);
    assert.equal(tryLock(path, { shared: true }), undefined);
  }
  using first = tryLock(path, { shared: true });
  using second = tryLock(path, { shared: true });
  assert.ok(first && second);
  assert.equal(tryLock(path), undefined);
});

test('waiting for a lock ends with the abort', async () => {
  const path = join(dir, 'lock-abort');
  using _held = tryLock(path);
  const reason = new Error('enough');
  await assert.rejects(acquireLock(path, { signal: AbortSignal.abort(reason) }), reason);
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 20);
  await assert.rejects(acquireLock(path, { signal: controller.signal }), reason);
});

test('a killed holder frees its lock', async (t) => {
  if (spawnSync('flock', ['--version']).error) {
    t.skip('no flock(1)');
    return;
  }
  const path = join(dir, 'lock-killed');
  const holder = spawn('flock', [path, 'sh', '-c', 'echo held; exec sleep 60'], { detached: true });
  await once(holder.stdout, 'data');
  assert.equal(tryLock(path), undefined);
  const waiting = acquireLock(path);
  process.kill(-(holder.pid ?? 0), 'SIGKILL');
  await using lock = await waiting;
  assert.ok(lock);
});

test('a file is replaced whole and nothing else stays', () => {
  const folder = mkdtempSync(join(dir, 'atomic-'));
  writeFileAtomic(join(folder, 'a.json'), 'one');
  writeFileAtomic(join(folder, 'a.json'), Buffer.from('two'), { mode: 0o600 });
  assert.equal(readFileSync(join(folder, 'a.json'), 'utf8'), 'two');
  assert.equal(lstatSync(join(folder, 'a.json')).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder), ['a.json']);
});
