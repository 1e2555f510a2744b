import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { ContentManifest } from '../../context/content-manifest.ts';
import { countFiles, manifestText, parseManifestText } from '../cache/manifest-text.ts';
import { fileChanges, textChanges } from './file-changes.ts';

/** Path → `content` of a file, `dir`, or a digest as it stands. */
function manifest(entries: Readonly<Record<string, string>>): ContentManifest {
  return new Map(
    Object.entries(entries).map(([path, text]) => {
      if (text === 'dir') return [path, { digest: 'directory 755 0:0 0 ', sizeBytes: 0 }];
      const digest = text.includes(':') ? text : `file 644 0:0 ${text.length} ${text}`;
      return [path, { digest, sizeBytes: text.includes(':') ? 0 : text.length }];
    }),
  );
}

type Entries = Readonly<Record<string, string>>;

const ROWS: readonly { name: string; before: Entries; after: Entries; told: readonly string[] }[] = [
  { name: 'equal', before: { a: 'x' }, after: { a: 'x' }, told: [] },
  { name: 'changed', before: { a: 'x' }, after: { a: 'yy' }, told: ['a changed +1'] },
  { name: 'added and removed', before: { a: 'x' }, after: { b: 'yy' }, told: ['a removed -1', 'b added +2'] },
  { name: 'renamed', before: { a: 'same' }, after: { b: 'same' }, told: ['b renamed from a +0'] },
  {
    name: 'of two equal files the one of the same name is it',
    before: { 'x/a': 'same', 'x/b': 'same' },
    after: { 'y/b': 'same', 'y/a': 'same' },
    told: ['y/a renamed from x/a +0', 'y/b renamed from x/b +0'],
  },
  {
    name: 'empty files are no renames',
    before: { a: 'file 644 0:0 0 e' },
    after: { b: 'file 644 0:0 0 e' },
    told: ['a removed +0', 'b added +0'],
  },
  { name: 'mode', before: { a: 'file 644 0:0 1 x' }, after: { a: 'file 755 0:0 1 x' }, told: ['a mode +0'] },
  { name: 'owner', before: { a: 'file 644 0:0 1 x' }, after: { a: 'file 644 5:0 1 x' }, told: ['a owner +0'] },
  { name: 'type', before: { a: 'x' }, after: { a: 'symlink 777 0:0 0 t' }, told: ['a type -1'] },
  { name: 'link', before: { a: 'symlink 777 0:0 0 t' }, after: { a: 'symlink 777 0:0 0 u' }, told: ['a target +0'] },
  {
    name: 'a directory tells nothing its files tell',
    before: {},
    after: { d: 'dir', 'd/a': 'x' },
    told: ['d/a added +1'],
  },
  { name: 'an empty directory tells of itself', before: {}, after: { d: 'dir' }, told: ['d added +0'] },
];

for (const { name, before, after, told } of ROWS) {
  test(`file changes: ${name}`, () => {
    const changes = fileChanges(manifest(before), manifest(after));
    const shown = changes.map(
      ({ path, kind, before: was, sizeDeltaBytes }) =>
        `${path} ${kind}${kind === 'renamed' ? ` from ${was}` : ''} ${sizeDeltaBytes < 0 ? '' : '+'}${sizeDeltaBytes}`,
    );
    assert.deepEqual(shown, told);
  });
}

test('files are counted without directories', () => {
  assert.equal(countFiles(manifestText(manifest({ '': 'dir', d: 'dir', 'd/a': 'x', b: 'symlink 777 0:0 0 t' }))), 2);
});

test('a manifest is never different from itself, and always from another', () => {
  const entries = fc.dictionary(fc.constantFrom('a', 'b', 'd/c', 'd/e'), fc.constantFrom('x', 'yy', 'zzz'));
  fc.assert(
    fc.property(entries, entries, (one, other) => {
      assert.deepEqual(fileChanges(manifest(one), manifest(one)), []);
      const isSame = JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
      assert.equal(fileChanges(manifest(one), manifest(other)).length === 0, isSame);
    }),
  );
});

test('texts differ as their manifests do, and are read back', () => {
  const names = fc.constantFrom('', 'a', 'b', 'd', 'd/c', 'directory 755 0:0 0 ', 'é');
  const entries = fc.dictionary(names, fc.constantFrom('x', 'yy', 'zzz', 'dir'));
  fc.assert(
    fc.property(entries, entries, (one, other) => {
      const [a, b] = [manifest(one), manifest(other)];
      assert.deepEqual(parseManifestText(manifestText(a)), a);
      assert.deepEqual(textChanges(manifestText(a), manifestText(b)), fileChanges(a, b));
    }),
  );
});
