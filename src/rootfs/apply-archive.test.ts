import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { packTar, type TarMember } from '../image/tar/pack-tar.ts';
import { readTar } from '../image/tar/read-tar.ts';
import type { TarEntryType, TarHeader } from '../image/tar/tar-header.ts';
import { openLayeredView } from './layered-view.ts';
import { OverlaySnapshotter } from './overlay-snapshotter.ts';
import { removeTree } from './remove-tree.ts';
import { RootWriter } from './root-writer.ts';
import type { Snapshot } from './snapshot.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-archive-'));
after(() => removeTree(dir));
const store = new OverlaySnapshotter(join(dir, 'snapshots'));
const outside = join(dir, 'outside');
writeFileSync(outside, 'safe');

type Member = readonly [path: string, content?: string, header?: Partial<TarHeader>];

function member([path, content = '', header = {}]: Member): TarMember {
  const type: TarEntryType = header.type ?? (path.endsWith('/') ? 'directory' : 'file');
  const bytes = Buffer.from(type === 'file' ? content : '');
  const mode = type === 'directory' ? 0o755 : 0o644;
  const linkTarget = type === 'symlink' || type === 'link' ? { linkTarget: content } : {};
  return {
    header: { path, type, mode, uid: 0, gid: 0, size: bytes.length, mtimeNs: 1_000_000_000n, ...linkTarget, ...header },
    content: bytes,
  };
}

async function* stream(members: readonly Member[]): AsyncGenerator<Buffer> {
  yield* packTar(members.map(member));
}

interface Unpack {
  readonly into?: string;
  readonly owner?: { uid: number; gid: number };
  readonly parent?: Snapshot;
}

async function unpack(members: readonly Member[], { into = 'to', owner, parent }: Unpack = {}): Promise<Snapshot> {
  await using active = await store.prepare(parent);
  const writer = new RootWriter(active);
  writer.mkdirAll(into, { mode: 0o755 });
  await writer.unpack(readTar(stream(members)), { into, owner, name: '"test.tar"' });
  writer.finish();
  return await active.commit();
}

/** `mode uid:gid path` of everything, the contents of links behind it. */
function list(snapshot: Snapshot, folder = ''): string[] {
  const view = openLayeredView(snapshot, 'view');
  return view.readdir(folder).flatMap((name) => {
    const path = folder === '' ? name : `${folder}/${name}`;
    const entry = view.lstat(path) ?? assert.fail(path);
    const line = `${entry.mode.toString(8)} ${entry.uid}:${entry.gid} ${path}`;
    if (entry.type === 'directory') return [`${line}/`, ...list(snapshot, path)];
    return [entry.linkTarget === undefined ? line : `${line} -> ${entry.linkTarget}`];
  });
}

const NAMES: readonly Member[] = [
  ['./', '', { mode: 0o700, uid: 7 }],
  ['d/', '', { mode: 0o2750, uid: 1, gid: 2 }],
  ['d/f', 'f', { mode: 0o4755, uid: 3, gid: 4 }],
  ['d/.wh.gone', ''],
  ['d/.wh..wh..opq', ''],
  ['implied/x', 'x', { uid: 9 }],
  ['/abs', 'a'],
  ['a/../b', 'b'],
];

test('members keep their owners and modes; the directory keeps its own', async () => {
  assert.deepEqual(list(await unpack(NAMES)), [
    '755 0:0 to/',
    '644 0:0 to/abs',
    '644 0:0 to/b',
    '2750 1:2 to/d/',
    '644 0:0 to/d/.wh..wh..opq',
    '644 0:0 to/d/.wh.gone',
    '4755 3:4 to/d/f',
    '755 0:0 to/implied/',
    '644 9:0 to/implied/x',
  ]);
});

test('an owner is given to every member, not to folders that none names', async () => {
  const lines = list(await unpack(NAMES, { owner: { uid: 11, gid: 12 } }));
  assert.ok(lines.includes('2750 11:12 to/d/'));
  assert.ok(lines.includes('4755 11:12 to/d/f'));
  assert.ok(lines.includes('755 0:0 to/implied/'));
});

test('what is there is replaced, directories are merged', async () => {
  const parent = await unpack([['d/old'], ['f'], ['l', 'd', { type: 'symlink' }], ['e/', '', { mode: 0o1777 }]]);
  const snapshot = await unpack([['d', 'file'], ['f/', ''], ['l/'], ['e/', '', { uid: 5 }]], { parent });
  assert.deepEqual(list(snapshot), ['755 0:0 to/', '644 0:0 to/d', '755 5:0 to/e/', '755 0:0 to/f/', '755 0:0 to/l/']);
});

test('times are the members’ own, nothing is before 1970', async () => {
  const snapshot = await unpack([
    ['d/', '', { mtimeNs: 5_000_000_000n }],
    ['d/f', '', { mtimeNs: 1_500_000_000n }],
    ['old', '', { mtimeNs: -100_000_000_000n }],
  ]);
  const view = openLayeredView(snapshot, 'view');
  assert.deepEqual(
    ['to/d', 'to/d/f', 'to/old'].map((path) => view.lstat(path)?.mtimeNs),
    [5_000_000_000n, 1_500_000_000n, 0n],
  );
});

test('links are followed inside of the directory alone', async () => {
  const snapshot = await unpack([
    ['etc', '/', { type: 'symlink' }],
    ['etc/passwd', 'mine'],
    ['l', '/missing/deep', { type: 'symlink' }],
    ['l/f', 'f'],
  ]);
  assert.deepEqual(list(snapshot), [
    '755 0:0 to/',
    '777 0:0 to/etc -> /',
    '777 0:0 to/l -> /missing/deep',
    '755 0:0 to/missing/',
    '755 0:0 to/missing/deep/',
    '644 0:0 to/missing/deep/f',
    '644 0:0 to/passwd',
  ]);
});

test('a hard link is another name with the last owner and mode', async () => {
  const snapshot = await unpack([
    ['d/f', 'f', { uid: 1 }],
    ['h', 'd/f', { type: 'link', uid: 2, mode: 0o600 }],
    ['s', 'nowhere', { type: 'symlink' }],
    ['hs', '/s', { type: 'link', uid: 3 }],
    ['g', 'g', { uid: 1, gid: 1 }],
    ['hg', 'g', { type: 'link' }],
  ]);
  assert.deepEqual(list(snapshot), [
    '755 0:0 to/',
    '755 0:0 to/d/',
    '600 2:0 to/d/f',
    '644 0:0 to/g',
    '600 2:0 to/h',
    '644 0:0 to/hg',
    '777 3:0 to/hs -> nowhere',
    '777 3:0 to/s -> nowhere',
  ]);
  const view = openLayeredView(snapshot, 'view');
  assert.equal(view.lstat('to/h')?.hardLink, view.lstat('to/d/f')?.hardLink);
});

const HOSTILE: Readonly<Record<string, readonly Member[]>> = {
  'a name above the root': [['../x', 'x']],
  'a name that leaves it on the way': [['x/../../y', 'y']],
  'the parent itself': [['..', '', { type: 'directory' }]],
  'a folder through a link above the root': [
    ['l', '../../outside', { type: 'symlink' }],
    ['l/f', 'f'],
  ],
  'a hard link above the root': [['h', '../outside', { type: 'link' }]],
  'a hard link to a file of this machine': [['h', outside, { type: 'link' }]],
  'a hard link through a link': [
    ['l', dir, { type: 'symlink' }],
    ['h', 'l/outside', { type: 'link' }],
  ],
  'a hard link to a directory': [['d/'], ['h', 'd', { type: 'link' }]],
  'a file as a folder': [
    ['f', 'f'],
    ['f/x', 'x'],
  ],
  'links in a circle': [
    ['a', 'b', { type: 'symlink' }],
    ['b', 'a', { type: 'symlink' }],
    ['a/x', 'x'],
  ],
  'a name of 300 bytes': [['n'.repeat(300), 'x']],
  'a path of 100,000 folders': [['d/'.repeat(100_000), '']],
};

for (const [what, members] of Object.entries(HOSTILE)) {
  test(`${what} is refused`, async () => {
    await assert.rejects(unpack(members), { code: 'ARCHIVE_INVALID' });
    assert.equal(readFileSync(outside, 'utf8'), 'safe');
    assert.equal(existsSync(join(dir, 'x')), false);
  });
}
