import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ImageTree } from './image-tree.ts';
import type { LayerEntry } from './layer-entry.ts';

function entry(path: string, more: Partial<LayerEntry> = {}): LayerEntry {
  return { path, kind: 'directory', mode: 0o755, uid: 0, gid: 0, sizeBytes: 0, mtimeSeconds: 0, ...more };
}
const file = (path: string, text: string): LayerEntry =>
  entry(path, { kind: 'file', mode: 0o644, sizeBytes: text.length, contentHash: `hash of ${text}` });
const symlink = (path: string, linkTarget: string) => entry(path, { kind: 'symlink', linkTarget });
const hardLink = (path: string, linkTarget: string) => entry(path, { kind: 'link', linkTarget });
const whiteout = (path: string) => entry(path, { kind: 'whiteout' });
const opaque = (path: string) => entry(path, { kind: 'opaque' });

interface Case {
  readonly title: string;
  readonly layers: readonly (readonly LayerEntry[])[];
  readonly paths: readonly string[];
  readonly wasted?: readonly string[];
}

const CASES: readonly Case[] = [
  {
    title: 'layers add up, and directories are merged',
    layers: [
      [entry('a'), file('a/x', 'x')],
      [entry('a', { mode: 0o700 }), file('a/y', 'y')],
    ],
    paths: ['a', 'a/x', 'a/y'],
  },
  {
    title: 'a replaced file is wasted',
    layers: [[file('x', 'old')], [file('x', 'newer')]],
    paths: ['x'],
    wasted: ['x 3 replaced in 1'],
  },
  {
    title: 'a file written again with the same bytes is wasted, and said to be the same',
    layers: [[file('x', 'old')], [file('x', 'old')]],
    paths: ['x'],
    wasted: ['x 3 replaced in 1 same'],
  },
  {
    title: 'a whiteout takes away a file or a whole directory of the layers below',
    layers: [
      [file('a/x', 'x'), file('a/b/y', 'yy'), file('c', 'c')],
      [whiteout('a'), whiteout('c')],
    ],
    paths: [],
    wasted: ['a/b/y 2 deleted in 1', 'a/x 1 deleted in 1', 'c 1 deleted in 1'],
  },
  {
    title: 'a whiteout does not concern its own layer, wherever it stands',
    layers: [[file('a/x', 'x')], [file('a/y', 'y'), whiteout('a'), file('a/z', 'z')]],
    paths: ['a', 'a/y', 'a/z'],
    wasted: ['a/x 1 deleted in 1'],
  },
  {
    title: 'an opaque directory starts anew',
    layers: [[file('a/x', 'x')], [entry('a'), opaque('a'), file('a/y', 'y')]],
    paths: ['a', 'a/y'],
    wasted: ['a/x 1 deleted in 1'],
  },
  {
    title: 'content stays while one of its hard links does',
    layers: [
      [file('x', 'xxx'), hardLink('y', 'x'), hardLink('z', 'x')],
      [whiteout('x'), whiteout('y')],
    ],
    paths: ['z'],
  },
  {
    title: 'paths go through links, also those of the layers below',
    layers: [[entry('usr/bin'), symlink('bin', 'usr/bin')], [file('bin/sh', 'sh')], [whiteout('bin/sh')]],
    paths: ['bin', 'usr', 'usr/bin'],
    wasted: ['bin/sh 2 deleted in 2'],
  },
  {
    title: 'links never leave the root and end when they go in circles',
    layers: [[symlink('up', '../../..'), file('up/x', 'x'), symlink('a', 'b'), symlink('b', 'a')]],
    paths: ['a', 'b', 'up', 'x'],
  },
  {
    title: 'a directory in the place of a file, and a file in the place of a directory',
    layers: [
      [file('a', 'a'), file('b/x', 'bx')],
      [file('a/y', 'y'), file('b', 'b')],
    ],
    paths: ['a', 'a/y', 'b'],
    wasted: ['a 1 replaced in 1', 'b/x 2 replaced in 1'],
  },
];
for (const { title, layers, paths, wasted = [] } of CASES) {
  test(title, () => {
    const tree = new ImageTree(layers);
    assert.deepEqual(
      [...tree.walk()].map(({ path }) => path),
      paths,
    );
    const lost = tree.wasted.map(
      ({ path, sizeBytes, by, byLayer, isSameContent }) =>
        `${path} ${sizeBytes} ${by} in ${byLayer}${isSameContent ? ' same' : ''}`,
    );
    assert.deepEqual(lost.sort(), wasted);
  });
}

test('what a path leads to is found through links', () => {
  const tree = new ImageTree([
    [file('usr/bin/busybox', 'b'), symlink('usr/bin/sh', 'busybox'), symlink('bin', '/usr/bin')],
  ]);
  assert.equal(tree.find('/bin/sh')?.path, 'usr/bin/busybox');
  assert.equal(tree.find('bin/sh', { followLast: false })?.node.entry.kind, 'symlink');
  assert.equal(tree.find('bin/../etc'), undefined);
  assert.equal(tree.find('/')?.path, '');
});

test('as many nested directories as a path can have take no stack', () => {
  const deep = Array.from({ length: 2000 }, () => 'd').join('/');
  const layers = Array.from({ length: 5 }, (_, index) => [file(`${deep}/${index}`, 'x')]);
  const tree = new ImageTree([...layers, [whiteout('d')]]);
  assert.equal(tree.wasted.length, 5);
});
