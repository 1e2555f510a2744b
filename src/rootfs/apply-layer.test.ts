import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { packTar, type TarMember } from '../image/tar/pack-tar.ts';
import { readTar } from '../image/tar/read-tar.ts';
import type { TarEntryType, TarHeader } from '../image/tar/tar-header.ts';
import { applyLayer } from './apply-layer.ts';
import { diffIdOf, layerFromSnapshot } from './layer-from-snapshot.ts';
import { openLayeredView } from './layered-view.ts';
import { OverlaySnapshotter } from './overlay-snapshotter.ts';
import { removeTree } from './remove-tree.ts';
import type { Snapshot } from './snapshot.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-layer-'));
after(() => removeTree(dir));
const store = new OverlaySnapshotter(join(dir, 'snapshots'));

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

async function apply(members: readonly Member[], parent?: Snapshot): Promise<Snapshot> {
  await using active = await store.prepare(parent);
  await applyLayer(active, readTar(stream(members)), { name: 'the test layer' });
  return active.commit();
}

function list(snapshot: Snapshot, folder = ''): string[] {
  const view = openLayeredView(snapshot, 'view');
  return view.readdir(folder).flatMap((name) => {
    const path = folder === '' ? name : `${folder}/${name}`;
    return view.lstat(path)?.type === 'directory' ? [`${path}/`, ...list(snapshot, path)] : [path];
  });
}

function read(snapshot: Snapshot, path: string): string {
  return readFileSync(openLayeredView(snapshot, 'view').lstat(path)?.hostPath ?? assert.fail(`no ${path}`), 'utf8');
}

async function layerPaths(snapshot: Snapshot): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of readTar(layerFromSnapshot(snapshot))) found.push(entry.path);
  return found;
}

const base = await apply([
  ['a/'],
  ['a/x', 'x'],
  ['a/y', 'y'],
  ['a/sub/'],
  ['a/sub/z', 'z'],
  ['f', 'f'],
  ['l', 'a', { type: 'symlink' }],
]);

test('whiteouts hide what is below, wherever they stand', async () => {
  assert.deepEqual(list(await apply([['a/.wh.x'], ['.wh.f']], base)), ['a/', 'a/sub/', 'a/sub/z', 'a/y', 'l']);
  assert.deepEqual(list(await apply([['.wh.a'], ['a/'], ['a/new', '']], base)), ['a/', 'a/new', 'f', 'l']);
  assert.deepEqual(list(await apply([['a/'], ['a/new', ''], ['.wh.a']], base)), ['a/', 'a/new', 'f', 'l']);
  assert.deepEqual(list(await apply([['f', 'new'], ['.wh.f']], base)).includes('f'), true);
});

test('an opaque whiteout keeps what the layer brings, before it and after it', async () => {
  for (const order of [
    [['a/'], ['a/.wh..wh..opq'], ['a/new', '']],
    [['a/'], ['a/new', ''], ['a/.wh..wh..opq']],
    [['a/new', ''], ['a/.wh..wh..opq'], ['a/']],
  ] satisfies Member[][]) {
    const top = await apply(order, base);
    assert.deepEqual(list(top), ['a/', 'a/new', 'f', 'l']);
    assert.deepEqual(await layerPaths(top), ['a/', 'a/new', 'a/.wh.sub', 'a/.wh.x', 'a/.wh.y']);
  }
  assert.deepEqual(list(await apply([['.wh..wh..opq'], ['new', '']], base)), ['new']);
});

test('reserved whiteouts mean nothing, broken ones are errors', async () => {
  assert.deepEqual(list(await apply([['.wh..wh.plnk/'], ['.wh..wh.aufs', '']], base)), list(base));
  for (const name of ['.wh.', '.wh..', '.wh...'])
    await assert.rejects(apply([[name]], base), { code: 'LAYER_CORRUPT' });
});

test('a whiteout of nothing leaves nothing', async () => {
  const top = await apply([['.wh.absent'], ['new/'], ['new/.wh.absent']], base);
  assert.deepEqual(await layerPaths(top), ['new/']);
});

test('entries replace one another, also across types', async () => {
  assert.equal(
    read(
      await apply(
        [
          ['f', '1'],
          ['f', '2'],
        ],
        base,
      ),
      'f',
    ),
    '2',
  );
  const fileOverDirectory = await apply([['a', 'file']], base);
  assert.deepEqual(list(fileOverDirectory), ['a', 'f', 'l']);
  const directoryAgain = await apply([['a', 'file'], ['a/']], base);
  assert.deepEqual(list(directoryAgain), ['a/', 'f', 'l']);
  assert.deepEqual(list(await apply([['l/'], ['l/in', '']], base)).slice(-2), ['l/', 'l/in']);
  assert.deepEqual(list(await apply([['d/'], ['d/e', ''], ['d', 'x', { type: 'symlink' }]])), ['d']);
});

test('a directory after its children keeps its metadata, and directories keep their times', async () => {
  const top = await apply([
    ['d/f', 'x'],
    ['d/', '', { mode: 0o500, mtimeNs: 5_000_000_000n }],
    ['d/g', 'y'],
  ]);
  const entry = openLayeredView(top, 'view').lstat('d') ?? assert.fail();
  assert.deepEqual([entry.mode, entry.mtimeNs], [0o500, 5_000_000_000n]);
  assert.deepEqual(list(top), ['d/', 'd/f', 'd/g']);
});

test('hard links inside the layer and to layers below', async () => {
  const top = await apply(
    [
      ['one', '1'],
      ['two', 'one', { type: 'link' }],
      ['below', '/a/x', { type: 'link' }],
      ['soft', 'l', { type: 'link', mode: 0o777 }],
    ],
    base,
  );
  const view = openLayeredView(top, 'view');
  assert.equal(view.lstat('one')?.hardLink, view.lstat('two')?.hardLink);
  assert.equal(read(top, 'below'), 'x');
  assert.equal(view.lstat('below')?.hardLink, view.lstat('a/x')?.hardLink);
  assert.equal(view.lstat('soft')?.linkTarget, 'a');
});

test('links to what is missing, hidden or a directory are errors', async () => {
  for (const members of [
    [['x', 'absent', { type: 'link' }]],
    [['.wh.f'], ['x', 'f', { type: 'link' }]],
    [['x', 'a', { type: 'link' }]],
    [['x', '../../../../etc/passwd-absent', { type: 'link' }]],
  ] satisfies Member[][]) {
    await assert.rejects(apply(members, base), { code: 'LAYER_CORRUPT' });
  }
});

test('no path leaves the root', async () => {
  const outside = mkdtempSync(join(dir, 'outside-'));
  const up = '../'.repeat(30);
  const top = await apply([
    [`${up}up`, 'x'],
    [`/abs${outside}/abs`, 'x'],
    ['a/../../dotdot', 'x'],
    ['evil', outside, { type: 'symlink' }],
    ['evil/through', 'x'],
    ['climb', `${up}${outside}`, { type: 'symlink' }],
    ['climb/through2', 'x'],
    ['..', 'x', { type: 'file' }],
    ['./', ''],
  ]);
  assert.deepEqual(readdirSync(outside), []);
  const inside = outside.slice(1);
  assert.equal(read(top, `${inside}/through`), 'x');
  assert.equal(read(top, `${inside}/through2`), 'x');
  assert.equal(read(top, 'up'), 'x');
  assert.equal(read(top, 'dotdot'), 'x');
  assert.equal(existsSync(join(dir, 'up')), false);
});

test('a link that changes under way is resolved anew', async () => {
  const outside = mkdtempSync(join(dir, 'outside-'));
  const top = await apply([
    ['d/'],
    ['d/first', ''],
    ['d', outside, { type: 'symlink' }],
    ['d/second', ''],
    ['d/'],
    ['d/third', ''],
  ]);
  assert.deepEqual(readdirSync(outside), []);
  assert.deepEqual(
    list(top).filter((path) => path.startsWith('d')),
    ['d/', 'd/third'],
  );
});

// Quadratic work would take hours here.
test('a hostile layer takes no time that grows faster than it does', { timeout: 300_000 }, async () => {
  const deep = `${'d/'.repeat(1500)}x`;
  const many = Array.from({ length: 500 }, (_, i): Member[] => [[`d${i}/`], [`d${i}`, 'file']]).flat();
  const nested = Array.from({ length: 100 }, (_, i): Member => [`${'n/'.repeat(i + 1)}.wh..wh..opq`]);
  const applied = await apply([[deep, 'x'], ...many, ...nested], base);
  assert.equal(read(applied, 'd499'), 'file');
});

test('loops, files as parents and overlong names are errors', async () => {
  for (const members of [
    [
      ['loop', 'loop', { type: 'symlink' }],
      ['loop/x', ''],
    ],
    [['f/x', '']],
    [['n'.repeat(300), '']],
    [[`${'d/'.repeat(3000)}x`, '']],
  ] satisfies Member[][]) {
    await assert.rejects(apply(members, base), { code: 'LAYER_CORRUPT' });
  }
});

test('attributes of overlayfs and trusted ones are not taken from a layer', async () => {
  const xattrs = new Map([
    ['trusted.overlay.opaque', Buffer.from('y')],
    ['user.overlay.opaque', Buffer.from('y')],
  ]);
  assert.deepEqual(list(await apply([['a/', '', { xattrs }]], base)), list(base));
});

test('any id is kept, on disk or beside it', async () => {
  const top = await apply([['f', 'x', { uid: 4_000_000_000, gid: 4_000_000_001, mode: 0o4711 }]]);
  const { uid, gid, mode } = openLayeredView(top, 'view').lstat('f') ?? assert.fail();
  assert.deepEqual({ uid, gid, mode }, { uid: 4_000_000_000, gid: 4_000_000_001, mode: 0o4711 });
});

test('devices are kept, on disk or beside it', async () => {
  const top = await apply([
    ['null', '', { type: 'char', rdev: { major: 1, minor: 3 }, mode: 0o666 }],
    ['again', 'null', { type: 'link', mode: 0o666 }],
  ]);
  const { type, rdev, mode } = openLayeredView(top, 'view').lstat('again') ?? assert.fail();
  assert.deepEqual({ type, rdev, mode }, { type: 'char', rdev: { major: 1, minor: 3 }, mode: 0o666 });
});

test('equal layers have equal diff ids, and the id is remembered', async () => {
  const members: Member[] = [
    ['b/', ''],
    ['b/c', 'text'],
    ['b/d', 'c', { type: 'symlink', mode: 0o777 }],
  ];
  const [one, two] = [await apply(members), await apply(members)];
  const identity = await diffIdOf(one);
  assert.deepEqual(await diffIdOf(two), identity);
  removeTree(join(one.diffDir, 'b/c'));
  assert.deepEqual(await diffIdOf(one), identity);
  assert.notDeepEqual(await diffIdOf(two, { epochSeconds: 0 }), identity);
  const chunks: Buffer[] = [];
  for await (const chunk of layerFromSnapshot(two)) chunks.push(chunk);
  assert.equal(Buffer.concat(chunks).length, identity.sizeBytes);
  const written: Buffer[] = [...packTar(members.map(member))];
  assert.ok(Buffer.concat(written).equals(Buffer.concat(chunks)));
});

test('what a layer says comes back as it was, whoever runs this', async () => {
  const folders = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 });
  const name = fc.constantFrom('a', 'b', 'c', '.wh.a', '.wh.b', '.wh..wh..opq');
  const path = fc.tuple(folders, name).map(([above, last]) => [...above, last]);
  const header = fc.record({
    type: fc.constantFrom<TarEntryType>('file', 'directory', 'symlink', 'fifo', 'char'),
    mode: fc.constantFrom(0o644, 0o755, 0o4755, 0o2770, 0, 0o1777),
    uid: fc.constantFrom(0, 1000, 70_000),
    gid: fc.constantFrom(0, 5),
    mtimeNs: fc.constantFrom(0n, 1_700_000_000_000_000_000n, 1_700_000_000_123_456_789n),
  });
  const entry = fc.tuple(path, header, fc.constantFrom('', 'text', '/a', '../b'));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(entry, { maxLength: 10 }), { minLength: 1, maxLength: 3 }), async (layers) => {
      let first: Snapshot | undefined;
      let second: Snapshot | undefined;
      for (const layer of layers) {
        const members = layer.map(([path, head, text]): Member => {
          const isWhiteout = path.at(-1)?.startsWith('.wh.');
          const type = isWhiteout ? 'file' : head.type;
          const rdev = type === 'char' ? { rdev: { major: 5, minor: 6 } } : {};
          return [path.join('/'), type === 'symlink' ? text || '/' : text, { ...head, type, ...rdev }];
        });
        try {
          first = await apply(members, first);
        } catch (error) {
          // A file as a parent, a loop of links: both end the same way every time.
          assert.equal((error as { code?: string }).code, 'LAYER_CORRUPT');
          return;
        }
        await using active = await store.prepare(second);
        await applyLayer(active, readTar(layerFromSnapshot(first, { nanoseconds: true })));
        second = await active.commit();
        assert.deepEqual(details(second), details(first));
      }
    }),
    { numRuns: Number(process.env.SLIPWAY_RUNS ?? 60) },
  );
});

function details(snapshot: Snapshot): unknown[] {
  const view = openLayeredView(snapshot, 'view');
  return list(snapshot).map((path) => {
    const entry = view.lstat(path.replace(/\/$/, '')) ?? assert.fail(path);
    const { hostPath: _, hardLink: __, mtimeNs, ...rest } = entry;
    return { ...rest, ...(entry.type !== 'directory' && { mtimeNs }) };
  });
}
