import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { KnownError } from '../diagnostics/known-error.ts';
import { CASES, FILES, type IgnoreCase } from './dockerignore-cases.ts';
import type { FileTree } from './file-tree.ts';
import { openLocalTree } from './local-tree.ts';
import { openEntry } from './open-entry.ts';
import { parseIgnoreFile } from './pattern/ignore-file.ts';
import { readIgnoreFile } from './read-ignore-file.ts';

const root = mkdtempSync(join(tmpdir(), 'slipway-local-'));
after(() => rmSync(root, { recursive: true }));

function directory(name: string, files: readonly string[] = []): string {
  const dir = join(root, name);
  mkdirSync(dir, { recursive: true });
  for (const file of files) {
    mkdirSync(join(dir, file.endsWith('/') ? file : dirname(file)), { recursive: true });
    if (!file.endsWith('/')) writeFileSync(join(dir, file), 'x');
  }
  return dir;
}

const open = (dir: string, ignore?: string) =>
  openLocalTree(dir, { name: 'the build context', ignore: ignore === undefined ? undefined : parseIgnoreFile(ignore) });

/** Everything shown, directories with a slash. */
function everything(tree: FileTree, path = ''): readonly string[] {
  return tree.readdir(path).flatMap((name) => {
    const child = path === '' ? name : `${path}/${name}`;
    const entry = tree.lstat(child);
    assert.equal(entry?.path, child);
    return entry.type === 'directory' ? [`${child}/`, ...everything(tree, child)] : [child];
  });
}

function expected({ sent, bare = [] }: IgnoreCase): readonly string[] {
  const named = new Set(sent.slice(1).split('\n'));
  const universe = [...FILES, 'empty/'];
  const shown = [...universe.filter((path) => named.has(path) === sent.startsWith('+')), ...bare];
  const parents = shown.flatMap((path) =>
    [...path.slice(0, -1).matchAll(/\//g)].map((at) => path.slice(0, at.index + 1)),
  );
  return [...new Set([...shown, ...parents])].sort();
}

const cases = directory('cases', FILES);

for (const row of CASES) {
  test(`.dockerignore ${JSON.stringify(row.text)} is read as BuildKit reads it`, () => {
    if (row.sent !== '!') assert.deepEqual([...everything(open(cases, row.text))].sort(), expected(row));
    else assert.throws(() => parseIgnoreFile(row.text), { code: 'DOCKERIGNORE_SYNTAX' });
  });
}

test('what a walk shows, lstat finds, and nothing else', () => {
  for (const row of CASES.filter(({ sent }) => sent !== '!')) {
    const tree = open(cases, row.text);
    const shown = expected(row);
    for (const path of [...FILES, 'empty/']) {
      assert.equal(tree.lstat(path.replace(/\/$/, '')) !== undefined, shown.includes(path), `${row.text}: ${path}`);
    }
  }
});

test('an ignored directory is not even opened when no exception can reach into it', () => {
  const dir = directory('locked', ['secret/f', 'a']);
  rmSync(join(dir, 'secret'), { recursive: true });
  mkdirSync(join(dir, 'secret'));
  const tree = open(dir, 'secret\n!a/b');
  rmSync(join(dir, 'secret'), { recursive: true });
  symlinkSync('/', join(dir, 'secret'));
  assert.deepEqual(everything(tree), ['a']);
});

test('owners are reset, mode bits and times kept', () => {
  const dir = directory('metadata', ['suid']);
  chmodSync(join(dir, 'suid'), 0o6751);
  const entry = open(dir).lstat('suid');
  assert.deepEqual([entry?.mode, entry?.uid, entry?.gid, entry?.size], [0o6751, 0, 0, 1]);
  assert.equal(open(dir).lstat('')?.mode, 0o755);
});

test('hard links share a key, single files have none', () => {
  const dir = directory('links', ['one', 'two']);
  linkSync(join(dir, 'one'), join(dir, 'three'));
  const tree = open(dir);
  assert.ok(tree.lstat('one')?.hardLink);
  assert.equal(tree.lstat('one')?.hardLink, tree.lstat('three')?.hardLink);
  assert.equal(tree.lstat('two')?.hardLink, undefined);
});

test('a symlink is an entry and never a way', () => {
  const dir = directory('symlinks', ['d/f']);
  symlinkSync('/etc', join(dir, 'etc'));
  symlinkSync('d', join(dir, 'l'));
  const tree = open(dir);
  assert.equal(tree.lstat('etc')?.linkTarget, '/etc');
  assert.equal(tree.lstat('etc/passwd'), undefined);
  assert.equal(tree.lstat('l/f'), undefined);
  assert.deepEqual(tree.readdir('etc'), []);
});

test('a socket is an empty file, a fifo stays one', async () => {
  const dir = directory('special');
  const server = createServer().listen(join(dir, 'sock'));
  await new Promise((resolve) => server.once('listening', resolve));
  assert.equal(spawnSync('mkfifo', [join(dir, 'fifo')]).status, 0);
  const tree = open(dir);
  const socket = tree.lstat('sock');
  assert.deepEqual([socket?.type, socket?.size], ['file', 0]);
  if (socket) closeSync(openEntry(socket));
  assert.equal(tree.lstat('fifo')?.type, 'fifo');
  server.close();
});

test('directories nested deeper than a path is long are refused by name', () => {
  const dir = directory('deep');
  const script = 'for i in 1 2 3; do mkdir -p "$0" && cd -P "$0" || exit; done';
  assert.equal(spawnSync('sh', ['-c', script, `${'d'.repeat(200)}/`.repeat(10)], { cwd: dir }).status, 0);
  assert.throws(() => everything(open(dir)), { code: 'CONTEXT_FILE_NAME' });
  spawnSync('rm', ['-rf', dir]);
});

test('a directory that becomes a symlink during the build is no way out', () => {
  const dir = directory('swapped', ['sub/f']);
  const outside = directory('outside', ['f']);
  const tree = open(dir);
  assert.equal(tree.lstat('sub')?.type, 'directory');
  renameSync(join(dir, 'sub'), join(dir, 'moved'));
  symlinkSync(outside, join(dir, 'sub'));
  assert.throws(() => tree.readdir('sub'), { code: 'CONTEXT_CHANGED' });
});

test('a parent that becomes a symlink after the walk does not lend its files', () => {
  const dir = directory('lent', ['sub/f']);
  const outside = directory('outside', ['f']);
  const entry = open(dir).lstat('sub/f');
  renameSync(join(dir, 'sub'), join(dir, 'moved'));
  symlinkSync(outside, join(dir, 'sub'));
  assert.ok(entry);
  assert.throws(() => openEntry(entry), { code: 'CONTEXT_CHANGED' });
});

test('a file that was written to since is refused', () => {
  const dir = directory('written', ['f']);
  const entry = open(dir).lstat('f');
  writeFileSync(join(dir, 'f'), 'longer');
  assert.ok(entry);
  assert.throws(() => openEntry(entry), { code: 'CONTEXT_CHANGED' });
});

test('a name that is not UTF-8 fails the walk of its directory only', () => {
  const dir = directory('names', ['good', 'sub/x']);
  writeFileSync(Buffer.concat([Buffer.from(`${dir}/sub/bad`), Buffer.from([0xff])]), '');
  const tree = open(dir);
  assert.deepEqual(tree.readdir(''), ['good', 'sub']);
  assert.equal(tree.lstat('sub/x')?.type, 'file');
  assert.throws(() => tree.readdir('sub'), { code: 'CONTEXT_FILE_NAME' });
});

test('a missing context and a file in its place have errors of their own', () => {
  const dir = directory('place', ['file']);
  for (const path of ['nothing', 'file', 'file/x']) {
    assert.throws(
      () => open(join(dir, path)),
      (error) => error instanceof KnownError && error.code === 'CONTEXT_NOT_FOUND',
    );
  }
});

test('a misspelt context is told the nearest name', () => {
  const dir = directory('service');
  assert.throws(
    () => open(join(dirname(dir), 'srevice')),
    (error) => {
      return error instanceof KnownError && error.hint === `Did you mean ${JSON.stringify(dir)}?`;
    },
  );
});

test('owners that an archive named are kept', () => {
  const dir = directory('owned', ['a', 'sub/b']);
  const ownerOf = (path: string) => (path === 'sub/b' ? { uid: 5, gid: 6 } : undefined);
  const tree = openLocalTree(dir, { name: 'the build context', ownerOf });
  assert.deepEqual([tree.lstat('sub/b')?.uid, tree.lstat('sub/b')?.gid, tree.lstat('a')?.uid], [5, 6, 0]);
});

test("a Dockerfile's own ignore file comes first, even when it is empty", () => {
  const dir = directory('which', ['Dockerfile', '.dockerignore']);
  const texts = () => readIgnoreFile(dir, join(dir, 'Dockerfile'))?.patterns.map(({ text }) => text);
  assert.deepEqual(texts(), ['x']);
  mkdirSync(join(dir, 'Dockerfile.dockerignore'));
  assert.deepEqual(texts(), ['x']);
  rmSync(join(dir, 'Dockerfile.dockerignore'), { recursive: true });
  writeFileSync(join(dir, 'Dockerfile.dockerignore'), '');
  assert.deepEqual(texts(), []);
  assert.equal(readIgnoreFile(directory('none'), join(root, 'Dockerfile')), undefined);
});

test('an ignore file may be a symlink within the context, not one that leads out', () => {
  const dir = directory('linked', ['real']);
  writeFileSync(join(root, 'linked-outside'), 'y');
  symlinkSync('real', join(dir, '.dockerignore'));
  assert.equal(readIgnoreFile(dir)?.patterns.length, 1);
  rmSync(join(dir, '.dockerignore'));
  symlinkSync('../linked-outside', join(dir, '.dockerignore'));
  assert.equal(readIgnoreFile(dir), undefined);
});

test('files are seen alike however many there are', () => {
  const names = Array.from({ length: 1200 }, (_, index) => `${index % 2 ? 'a' : 'b'}/f${index}`);
  const dir = directory('many', [...names, 'b/folder/']);
  symlinkSync('f0', join(dir, 'b/zlink'));
  linkSync(join(dir, 'b/f0'), join(dir, 'b/zhard'));
  chmodSync(join(dir, 'b/f1198'), 0o4755);
  const tree = open(dir);
  assert.equal(everything(tree).length, names.length + 5);
  // A tree that is asked for this directory alone has not seen many by then.
  const alone = open(join(dir, 'b'));
  for (const name of ['f0', 'f1198', 'folder', 'zlink', 'zhard']) {
    const { path: _, hostPath: __, ...seen } = tree.lstat(`b/${name}`) ?? { path: '', hostPath: '' };
    const { path: ___, hostPath: ____, ...expected } = alone.lstat(name) ?? { path: '', hostPath: '' };
    assert.deepEqual(seen, expected, name);
  }
});
