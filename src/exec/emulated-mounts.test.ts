import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { EmulatedMounts } from './emulated-mounts.ts';

let dir: string;
let root: string;
let elsewhere: string;
let mounts: EmulatedMounts;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'slipway-emulated-'));
  [root, elsewhere] = [join(dir, 'root'), join(dir, 'elsewhere')];
  for (const name of ['root', 'aside', 'cache', 'elsewhere/b']) mkdirSync(join(dir, name), { recursive: true });
  writeFileSync(join(elsewhere, 'b/precious'), 'x');
  mounts = new EmulatedMounts(root, join(dir, 'aside'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function placeCache(): void {
  const source = join(dir, 'cache');
  const content = { layers: [source], within: '' };
  const bind = { type: 'bind', source, pointType: 'directory', view: false, nested: false, content } as const;
  mounts.place({ ...bind, target: '/a/b', readOnly: false });
}

test('carries what was written back to its source', () => {
  placeCache();
  writeFileSync(join(root, 'a/b/new'), '');
  mounts.takeAway();
  assert.deepEqual(readdirSync(join(dir, 'cache')), ['new']);
  assert.ok(!existsSync(join(root, 'a/b')));
});

test('removes and takes nothing elsewhere when a link stands in the place of a folder', () => {
  placeCache();
  renameSync(join(root, 'a'), join(root, 'moved'));
  symlinkSync(elsewhere, join(root, 'a'));
  assert.throws(() => mounts.takeAway(), { code: 'SANDBOX_MOUNT_FAILED' });
  assert.ok(existsSync(join(elsewhere, 'b/precious')));
  assert.deepEqual(readdirSync(join(dir, 'cache')), []);
});

test('takes nothing from elsewhere when a link stands in the place of a mount', () => {
  placeCache();
  rmSync(join(root, 'a/b'), { recursive: true });
  symlinkSync(join(elsewhere, 'b'), join(root, 'a/b'));
  mounts.takeAway();
  assert.ok(existsSync(join(elsewhere, 'b/precious')));
  assert.deepEqual(readdirSync(join(dir, 'cache')), []);
});
