import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MountIdentity } from '../cache/mount-folder.ts';
import { boundMounts } from './bound-mounts.ts';
import type { MountFile, MountListing } from './mounts-index.ts';

const goEntry = (digit: string) => `${digit}${digit}/${digit.repeat(64)}-d`;

function file(path: string, usedMs: number, size = 10): MountFile {
  return { type: 'file', path, mode: 0o644, uid: 0, gid: 0, mtimeNs: 0n, usedMs, size, contents: [] };
}

function mount(id: string, ...members: readonly MountFile[]): MountListing {
  return { identity: { kind: 'cache', id }, members };
}

function kept(mounts: readonly MountListing[], maxBytes: number): string {
  return boundMounts(mounts, maxBytes)
    .mounts.flatMap(({ members }) => members.map(({ path }) => path.slice(0, 2)))
    .join(' ');
}

test('of a Go cache what was used longest ago goes first, file by file', () => {
  const go = mount('/go', file(goEntry('a'), 1), file(goEntry('b'), 3), file(goEntry('c'), 2));
  assert.equal(kept([go], 30), 'aa bb cc');
  assert.equal(kept([go], 29), 'bb cc');
  assert.equal(kept([go], 10), 'bb');
  assert.equal(kept([go], 9), '');
});

test('any other mount stays or goes as a whole, by its newest file', () => {
  const apt = mount('/apt', file('p1', 1), file('p2', 5));
  const npm = mount('/npm', file('n1', 4), file('n2', 4));
  assert.equal(kept([apt, npm], 39), 'p1 p2');
  assert.equal(kept([apt, npm], 19), '');
});

test('what is older does not come in the place of something that did not fit', () => {
  const mounts = [mount('/big', file('b', 9, 100)), mount('/small', file('s', 1, 1))];
  assert.equal(kept(mounts, 50), '');
});

test('downloaded modules go one by one, and it is said what stayed', () => {
  const identity: MountIdentity = { kind: 'go-modules', project: 'example.com/m' };
  const members = [file('a/@v/v1.zip', 1), file('b/@v/v1.zip', 2)];
  const { mounts, leftOut } = boundMounts([{ identity, members }], 10);
  assert.deepEqual(
    mounts[0]?.members.map(({ path }) => path),
    ['b/@v/v1.zip'],
  );
  assert.deepEqual(leftOut, { files: 1, bytes: 10, usedMs: 1 });
});
