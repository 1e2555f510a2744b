import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { openLocalTree } from './local-tree.ts';
import { resolvePath } from './resolve-path.ts';

const root = mkdtempSync(join(tmpdir(), 'slipway-resolve-'));
after(() => rmSync(root, { recursive: true }));

for (const file of ['a', 'd/f', 'd/e/g']) {
  mkdirSync(join(root, dirname(file)), { recursive: true });
  writeFileSync(join(root, file), '');
}
const LINKS = {
  'to-d': 'd',
  'd/up': '..',
  'd/abs': '/a',
  'd/out': '../../../../etc/passwd',
  root: '/',
  loop: 'loop2',
  loop2: 'loop',
  new: 'd/missing/x',
  'd/e/back': '../../to-d/e',
};
for (const [link, target] of Object.entries(LINKS)) symlinkSync(target, join(root, link));
for (let at = 0; at < 41; at++) symlinkSync(at === 0 ? 'a' : `chain${at - 1}`, join(root, `chain${at}`));

const tree = openLocalTree(root, { name: 'the build context' });

const PATHS: readonly (readonly [
  path: string,
  resolved: string,
  type: string | undefined,
  parent: string | undefined,
])[] = [
  ['', '', 'directory', ''],
  ['/', '', 'directory', ''],
  ['..', '', 'directory', ''],
  ['a', 'a', 'file', ''],
  ['/../../a', 'a', 'file', ''],
  ['to-d/f', 'd/f', 'file', 'd'],
  ['to-d/./e//g', 'd/e/g', 'file', 'd/e'],
  ['d/up/a', 'a', 'file', ''],
  ['to-d/../a', 'a', 'file', ''],
  ['d/abs', 'a', 'file', ''],
  ['d/out', 'etc/passwd', undefined, undefined],
  ['root/root/a', 'a', 'file', ''],
  ['d/e/back/back/g', 'd/e/g', 'file', 'd/e'],
  ['d/missing', 'd/missing', undefined, 'd'],
  ['to-d/missing/x', 'd/missing/x', undefined, undefined],
  ['to-d/missing/../f', 'd/f', 'file', 'd'],
  ['new', 'd/missing/x', undefined, undefined],
  ['a/x', 'a/x', undefined, undefined],
  ['chain39', 'a', 'file', ''],
];

for (const [path, resolved, type, parent] of PATHS) {
  test(`${JSON.stringify(path)} resolves to ${JSON.stringify(resolved)} (${type ?? 'missing'})`, () => {
    const result = resolvePath(tree, path);
    assert.deepEqual([result.path, result.entry?.type, result.parent?.path], [resolved, type, parent]);
  });
}

test('a last symlink may be kept', () => {
  const { path, entry } = resolvePath(tree, 'to-d/abs', { followLast: false });
  assert.deepEqual([path, entry?.type], ['d/abs', 'symlink']);
});

test('more than 40 links are an error', () => {
  for (const path of ['loop', 'loop/x', 'chain40'])
    assert.throws(() => resolvePath(tree, path), { code: 'SYMLINK_LOOP' });
});
