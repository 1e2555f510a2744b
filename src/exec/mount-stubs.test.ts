import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { isWhiteout, makeWhiteout } from '../rootfs/overlay-form.ts';
import type { RootMount } from '../rootfs/snapshot.ts';
import { makeMountStubs } from './mount-stubs.ts';

let dir: string;
let root: Extract<RootMount, { kind: 'overlay' }>;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'slipway-stubs-'));
  mkdirSync(join(dir, 'lower/etc'), { recursive: true });
  for (const name of ['upper', 'work']) mkdirSync(join(dir, name));
  chmodSync(join(dir, 'lower/etc'), 0o711);
  utimesSync(join(dir, 'lower/etc'), 1000, 1000);
  root = { kind: 'overlay', lowerDirs: [join(dir, 'lower')], upperDir: join(dir, 'upper'), workDir: join(dir, 'work') };
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const files = (): string[] => readdirSync(root.upperDir, { recursive: true }).map(String).sort();
const hosts = { path: '/etc/hosts', type: 'file' } as const;
const deep = { path: '/a/b/c', type: 'directory' } as const;

test('makes what is missing, with the attributes of the folders below', () => {
  makeMountStubs(root, [hosts, deep, { path: '/etc', type: 'directory' }]);
  assert.deepEqual(files(), ['a', 'a/b', 'a/b/c', 'etc', 'etc/hosts']);
  const { mode, mtimeMs } = statSync(join(root.upperDir, 'etc'));
  assert.deepEqual([mode & 0o7777, mtimeMs], [0o711, 1_000_000]);
});

test('takes away what nobody used', () => {
  utimesSync(root.upperDir, 2000, 2000);
  makeMountStubs(root, [hosts, deep])();
  assert.deepEqual(files(), []);
  assert.equal(statSync(root.upperDir).mtimeMs, 2_000_000);
});

test('keeps what was used, and the times that come of it', () => {
  const clean = makeMountStubs(root, [hosts, deep]);
  writeFileSync(join(root.upperDir, 'a/new'), 'x');
  writeFileSync(join(root.upperDir, 'etc/hosts'), 'x');
  clean();
  assert.deepEqual(files(), ['a', 'a/new', 'etc', 'etc/hosts']);
  assert.notEqual(statSync(join(root.upperDir, 'a')).mtimeMs, 0);
});

test('keeps a folder whose mode was changed', () => {
  const clean = makeMountStubs(root, [hosts]);
  chmodSync(join(root.upperDir, 'etc'), 0o700);
  clean();
  assert.deepEqual(files(), ['etc']);
});

test('keeps what is to be kept', () => {
  makeMountStubs(root, [{ path: '/proc', type: 'directory', keep: true }])();
  assert.deepEqual(files(), ['proc']);
});

test('removes a name again that the upper directory had removed', () => {
  makeWhiteout(join(root.upperDir, 'etc'));
  const clean = makeMountStubs(root, [hosts]);
  assert.ok(existsSync(join(root.upperDir, 'etc/hosts')));
  clean();
  assert.ok(isWhiteout(lstatSync(join(root.upperDir, 'etc'))));
});

for (const [what, put] of [
  ['a link', (path: string, elsewhere: string) => symlinkSync(elsewhere, path)],
  ['a file', (path: string) => writeFileSync(path, '')],
  ['a link to itself', (path: string) => symlinkSync(path, path)],
] as const) {
  test(`removes nothing elsewhere when a process put ${what} in a folder's place`, () => {
    const elsewhere = join(dir, 'elsewhere');
    mkdirSync(join(elsewhere, 'c'), { recursive: true });
    const clean = makeMountStubs(root, [deep]);
    renameSync(join(root.upperDir, 'a/b'), join(root.upperDir, 'moved'));
    put(join(root.upperDir, 'a/b'), elsewhere);
    clean();
    assert.ok(existsSync(join(elsewhere, 'c')));
  });
}
