import assert from 'node:assert/strict';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { FileEntry, FileTree } from '../context/file-tree.ts';
import { openLocalTree } from '../context/local-tree.ts';
import { setXattr } from '../system/xattr.ts';
import { fileEntry, openLayeredView } from './layered-view.ts';
import { OverlaySnapshotter } from './overlay-snapshotter.ts';
import { currentPrivileges } from './privileges.ts';
import { removeTree } from './remove-tree.ts';
import { RootWriter } from './root-writer.ts';
import type { Snapshot } from './snapshot.ts';
import { snapshotDiff } from './snapshot-diff.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-writer-'));
after(() => removeTree(dir));
const store = new OverlaySnapshotter(join(dir, 'snapshots'));

/** A directory on disk as a tree, which is what a build context is. */
function treeOf(root: string): FileTree & { entry(path: string): FileEntry } {
  const lstat = (path: string) => {
    const stat = lstatSync(join(root, path), { bigint: true, throwIfNoEntry: false });
    return stat && fileEntry(path, join(root, path), stat);
  };
  return {
    name: 'the build context',
    lstat,
    readdir: (path) => readdirSync(join(root, path)).sort(),
    xattrs: () => new Map(),
    entry: (path) => lstat(path) ?? assert.fail(`no ${path}`),
  };
}

async function write(
  parent: Snapshot | undefined,
  action: (writer: RootWriter) => void | Promise<void>,
): Promise<Snapshot> {
  await using active = await store.prepare(parent);
  const writer = new RootWriter(active);
  await action(writer);
  writer.finish();
  return active.commit();
}

function paths(snapshot: Snapshot): string[] {
  return [...snapshotDiff(snapshot)].map((change) =>
    change.kind === 'delete' ? `-${change.path}` : change.entry.path,
  );
}

const context = mkdtempSync(join(dir, 'context-'));
const tree = treeOf(context);

test('owners, modes and times are those asked for, whoever runs this', async () => {
  const top = await write(undefined, (writer) => {
    writer.mkdirAll('/app/bin', { mode: 0o750, uid: 5, gid: 6, mtimeNs: 7n });
    writer.putInline('app/bin/tool', '#!', { mode: 0o6755, uid: 1000, gid: 1001, mtimeNs: 1_234_567_891n });
    writer.putInline('app/secret', 'x', { mode: 0, uid: 0, gid: 0 });
  });
  const view = openLayeredView(top, 'view');
  const { mode, uid, gid, mtimeNs } = view.lstat('app/bin/tool') ?? assert.fail();
  assert.deepEqual({ mode, uid, gid, mtimeNs }, { mode: 0o6755, uid: 1000, gid: 1001, mtimeNs: 1_234_567_891n });
  const folder = view.lstat('app/bin') ?? assert.fail();
  assert.deepEqual([folder.mode, folder.uid, folder.gid, folder.mtimeNs], [0o750, 5, 6, 7n]);
  const secret = view.lstat('app/secret') ?? assert.fail();
  assert.equal(secret.mode, 0);
  assert.equal(readFileSync(secret.hostPath, 'utf8'), 'x');
  assert.equal(top.ownerTable === undefined, currentPrivileges().canOwn(1000, 1001));
});

test("existing parents keep their metadata and mtime, and are the layer's parents", async () => {
  const base = await write(undefined, (writer) => {
    writer.mkdirAll('/etc/app', { mode: 0o2750, uid: 3, gid: 4, mtimeNs: 5_000_000_000n });
  });
  const top = await write(base, (writer) => {
    writer.putInline('etc/app/conf', 'x', { mode: 0o644 });
  });
  const entry = openLayeredView(top, 'view').lstat('etc/app') ?? assert.fail();
  assert.deepEqual([entry.mode, entry.uid, entry.gid, entry.mtimeNs], [0o2750, 3, 4, 5_000_000_000n]);
  assert.deepEqual(
    [...snapshotDiff(top)].map((change) => change.kind),
    ['parent', 'parent', 'add'],
  );
});

test('symlinks in a destination are followed inside the root only', async () => {
  const base = await write(undefined, (writer) => {
    writer.mkdirAll('/real/dir', { mode: 0o755 });
    writer.mkdirAll('/usr/lib', { mode: 0o755 });
    for (const [name, target] of [
      ['abs', '/real/dir'],
      ['up', '../../../../real'],
      ['loop', 'loop'],
      ['etc', dir],
      ['dangling', '/new/place'],
    ] as const) {
      symlinkSync(target, join(context, name));
      writer.putSymlink(tree, tree.entry(name), name);
    }
  });
  const top = await write(base, (writer) => {
    assert.equal(writer.mkdirAll('/abs/x', { mode: 0o755 }), 'real/dir/x');
    assert.equal(writer.mkdirAll('/up/dir/y', { mode: 0o755 }), 'real/dir/y');
    assert.equal(writer.mkdirAll('/../../usr/../usr/lib/z', { mode: 0o755 }), 'usr/lib/z');
    assert.equal(writer.mkdirAll('/dangling', { mode: 0o755 }), 'new/place');
    assert.equal(writer.mkdirAll(`/etc/q`, { mode: 0o755 }), `${dir.slice(1)}/q`);
    assert.throws(() => writer.mkdirAll('/loop/a', { mode: 0o755 }), { code: 'SYMLINK_LOOP' });
    assert.equal(writer.resolve('/abs', { followLast: false }), 'abs');
    // What was not resolved cannot be written through.
    assert.throws(() => writer.putInline('abs/escape', '', { mode: 0o644 }), { code: 'COPY_DESTINATION' });
  });
  assert.ok(openLayeredView(top, 'view').lstat('real/dir/x'));
  assert.deepEqual(readdirSync(dir).includes('q'), false);
});

test('a directory is never replaced by a file, nor a file by a directory', async () => {
  const base = await write(undefined, (writer) => {
    writer.mkdirAll('/below/dir', { mode: 0o755 });
    writer.putInline('below/file', 'x', { mode: 0o644 });
  });
  mkdirSync(join(context, 'sub'));
  await write(base, (writer) => {
    writer.mkdirAll('/here/dir', { mode: 0o755 });
    writer.putInline('here/file', 'x', { mode: 0o644 });
    for (const folder of ['below', 'here']) {
      assert.throws(() => writer.putInline(`${folder}/dir`, 'x', { mode: 0o644 }), { code: 'COPY_DESTINATION' });
      assert.throws(() => writer.putDirectory(tree, tree.entry('sub'), `${folder}/file`), { code: 'COPY_DESTINATION' });
      assert.throws(() => writer.mkdirAll(`${folder}/file/x`, { mode: 0o755 }), { code: 'COPY_DESTINATION' });
      assert.throws(() => writer.putInline(`${folder}/file/x`, '', { mode: 0o644 }), { code: 'COPY_DESTINATION' });
    }
  });
});

test('files are copied whatever their size, digests on the way', async () => {
  const big = Buffer.alloc(3_000_001, 'slipway');
  writeFileSync(join(context, 'big'), big);
  writeFileSync(join(context, 'empty'), '');
  utimesSync(join(context, 'big'), 11, 12);
  const top = await write(undefined, (writer) => {
    assert.equal(writer.putFile(tree, tree.entry('big'), 'big', { uid: 0, gid: 0 }), undefined);
    const digest = writer.putFile(tree, tree.entry('big'), 'digested', { uid: 0, gid: 0, digest: true });
    assert.match(digest ?? '', /^sha256:/);
    assert.equal(
      writer.putFile(tree, tree.entry('empty'), 'empty', { digest: true }),
      'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });
  const view = openLayeredView(top, 'view');
  for (const path of ['big', 'digested']) {
    const entry = view.lstat(path) ?? assert.fail();
    assert.ok(readFileSync(entry.hostPath).equals(big));
    assert.equal(entry.mtimeNs, 12_000_000_000n);
  }
});

test('hard links stay links within one copy', async () => {
  writeFileSync(join(context, 'one'), 'x');
  linkSync(join(context, 'one'), join(context, 'two'));
  const top = await write(undefined, (writer) => {
    const links = new Map<string, string>();
    for (const name of ['one', 'two']) writer.putFile(tree, tree.entry(name), name, { uid: 7, gid: 7, links });
    writer.putFile(tree, tree.entry('two'), 'apart', {});
  });
  const view = openLayeredView(top, 'view');
  assert.ok(view.lstat('one')?.hardLink);
  assert.equal(view.lstat('one')?.hardLink, view.lstat('two')?.hardLink);
  assert.equal(view.lstat('two')?.uid, 7);
  assert.equal(view.lstat('apart')?.hardLink, undefined);
});

test('a file that became a symlink or a pipe after the walk is not followed', async () => {
  writeFileSync(join(context, 'race'), 'x');
  const entry = tree.entry('race');
  const swapped = { ...entry, hostPath: join(context, 'raced') };
  symlinkSync('/etc/hostname', swapped.hostPath);
  await write(undefined, (writer) => {
    assert.throws(() => writer.putFile(tree, swapped, 'race'), { code: 'CONTEXT_CHANGED' });
  });
});

test('what was removed comes back without what was in it', async () => {
  const base = await write(undefined, (writer) => {
    writer.mkdirAll('/data/old/deep', { mode: 0o755 });
    writer.putInline('file', '1', { mode: 0o644 });
  });
  const gone = await write(base, (writer) => {
    writer.remove('data');
    writer.remove('file');
    assert.equal(writer.lstat('data/old'), undefined);
  });
  assert.deepEqual(paths(gone), ['-data', '-file']);
  const back = await write(gone, (writer) => {
    writer.mkdirAll('/data', { mode: 0o755 });
    writer.putInline('file', '2', { mode: 0o644 });
  });
  assert.deepEqual(openLayeredView(back, 'view').readdir('data'), []);
  assert.deepEqual(paths(back), ['data', 'file']);
  const atOnce = await write(base, (writer) => {
    writer.remove('data');
    writer.mkdirAll('/data/new', { mode: 0o755 });
    writer.remove('data/new');
    writer.putInline('data/only', 'x', { mode: 0o644 });
  });
  assert.deepEqual(openLayeredView(atOnce, 'view').readdir('data'), ['only']);
  assert.deepEqual(
    paths(atOnce).filter((path) => path !== 'data'),
    ['-data/old', 'data/only'],
  );
});

test('pipes, devices and sockets', async () => {
  const socket = join(context, 's');
  const server = createServer().listen(socket);
  await new Promise((resolve) => server.once('listening', resolve));
  const device = { ...tree.entry('s'), type: 'char' as const, rdev: { major: 1, minor: 3 }, mode: 0o666 };
  const top = await write(undefined, (writer) => {
    writer.putNode(tree, tree.entry('s'), 'socket', { uid: 0, gid: 0 });
    // As a build context gives it: a file without content.
    const sent = openLocalTree(context, { name: 'the context' }).lstat('s') ?? assert.fail();
    writer.putFile(tree, sent, 'sent', { uid: 0, gid: 0 });
    writer.putNode(tree, { ...tree.entry('s'), type: 'fifo' }, 'pipe', { uid: 0, gid: 0 });
    writer.putNode(tree, device, 'null', { uid: 0, gid: 0 });
  });
  server.close();
  const view = openLayeredView(top, 'view');
  assert.equal(view.lstat('socket')?.type, 'file');
  assert.deepEqual([view.lstat('sent')?.type, view.lstat('sent')?.size], ['file', 0]);
  assert.equal(view.lstat('pipe')?.type, 'fifo');
  const { type, rdev, mode } = view.lstat('null') ?? assert.fail();
  assert.deepEqual({ type, rdev, mode }, { type: 'char', rdev: { major: 1, minor: 3 }, mode: 0o666 });
});

test('xattrs are copied, the marks of overlayfs are not', async (t) => {
  const base = await write(undefined, (writer) =>
    writer.putInline('file', 'x', { mode: 0o644, uid: process.getuid?.() }),
  );
  const file = join(base.diffDir, 'file');
  try {
    setXattr(file, 'user.kept', Buffer.from('1'));
    setXattr(file, 'user.overlay.origin', Buffer.from('1'));
  } catch {
    t.skip('no user xattrs here');
    return;
  }
  const view = openLayeredView(base, 'base');
  const top = await write(undefined, (writer) => {
    writer.putFile(view, view.lstat('file') ?? assert.fail(), 'copy');
  });
  const copied = openLayeredView(top, 'view');
  assert.deepEqual([...copied.xattrs(copied.lstat('copy') ?? assert.fail())], [['user.kept', Buffer.from('1')]]);
});
