import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeOpaque, makeWhiteout } from '../rootfs/overlay-form.ts';
import { LayeredRoot } from './layered-root.ts';

let dir: string;
let root: LayeredRoot;

before(() => {
  dir = mkdtempSync(join(tmpdir(), 'slipway-layers-'));
  const [top, low] = [join(dir, 'top'), join(dir, 'low')];
  for (const path of ['etc', 'a/b', 'gone', 'cut']) mkdirSync(join(low, path), { recursive: true });
  for (const path of ['etc/passwd', 'a/b/c', 'gone/x', 'cut/x']) writeFileSync(join(low, path), '');
  for (const path of ['a', 'cut']) mkdirSync(join(top, path), { recursive: true });
  makeWhiteout(join(top, 'gone'));
  makeOpaque(join(top, 'cut'));
  symlinkSync('/a/b', join(top, 'absolute'));
  symlinkSync('../../../../../../etc', join(top, 'a/escape'));
  symlinkSync('round', join(top, 'round'));
  root = new LayeredRoot([top, low]);
});
after(() => rmSync(dir, { recursive: true, force: true }));

for (const [path, real, layer, firstMissing] of [
  ['/', '', 'top', undefined],
  ['/etc/passwd', '/etc/passwd', 'low', undefined],
  ['etc/./passwd/', '/etc/passwd', 'low', undefined],
  ['/a', '/a', 'top', undefined],
  ['/absolute/c', '/a/b/c', 'low', undefined],
  ['/a/escape/passwd', '/etc/passwd', 'low', undefined],
  ['/../../etc', '/etc', 'low', undefined],
  ['/gone/x', '/gone/x', undefined, '/gone'],
  ['/cut/x', '/cut/x', undefined, '/cut/x'],
  ['/absolute/new/../deep/er', '/a/b/deep/er', undefined, '/a/b/deep'],
] as const) {
  test(`locates ${path}`, () => {
    const located = root.locate(path);
    assert.equal(located.path, real);
    assert.equal(located.firstMissing, firstMissing);
    assert.equal(located.hostPath, layer && join(dir, layer) + real);
  });
}

test('refuses symlinks in circles', () => {
  assert.throws(() => root.locate('/round'), { code: 'ELOOP' });
});
