import assert from 'node:assert/strict';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { contentDigest } from './content-digest.ts';
import { compareManifests, parseManifest, serializeManifest } from './content-manifest.ts';
import { type FileDigests, forgetfulFileDigests, openFileDigests } from './file-digests.ts';
import { openLocalTree } from './local-tree.ts';
import { PatternMatcher } from './pattern/pattern-matcher.ts';
import { type SelectFilesOptions, selectFiles } from './select-files.ts';

const root = mkdtempSync(join(tmpdir(), 'slipway-digest-'));
after(() => rmSync(root, { recursive: true }));
const now = () => Date.now();

/** Old enough to be remembered: the digests' clock is a minute ahead. */
const later = () => Date.now() + 60_000;

function context(name: string): string {
  const dir = join(root, name);
  for (const file of ['a.go', 'b.go', 'sub/c.txt', 'sub/d.txt', 'other']) {
    mkdirSync(join(dir, dirname(file)), { recursive: true });
    writeFileSync(join(dir, file), `content of ${file}`);
  }
  symlinkSync('a.go', join(dir, 'sub/link'));
  return dir;
}

async function digest(
  dir: string,
  patterns: readonly string[],
  options: SelectFilesOptions & { digests?: FileDigests; contentsOnly?: boolean } = {},
) {
  const tree = openLocalTree(dir, { name: 'the build context' });
  const selections = patterns.map((pattern) => selectFiles(tree, pattern, options) ?? assert.fail(`no ${pattern}`));
  const { digests = forgetfulFileDigests({ now }), contentsOnly } = options;
  return contentDigest(tree, selections, { digests, contentsOnly });
}

/** What somebody may do to a context, and whether `COPY a.go sub /` has to be done again. */
const CHANGES: readonly (readonly [title: string, change: (dir: string) => void, isMiss: boolean])[] = [
  ['nothing', () => undefined, false],
  ['touching a file', (dir) => utimesSync(join(dir, 'a.go'), 1, 1), false],
  ['touching a directory', (dir) => utimesSync(join(dir, 'sub'), 1, 1), false],
  ['editing a file that is not selected', (dir) => writeFileSync(join(dir, 'other'), 'x'), false],
  ['a new file that is not selected', (dir) => writeFileSync(join(dir, 'new'), 'x'), false],
  ['editing a file', (dir) => writeFileSync(join(dir, 'sub/c.txt'), 'Content of sub/c.txt'), true],
  ['emptying a file', (dir) => truncateSync(join(dir, 'sub/c.txt')), true],
  ['chmod of a file', (dir) => chmodSync(join(dir, 'a.go'), 0o600), true],
  ['chmod of a directory', (dir) => chmodSync(join(dir, 'sub'), 0o700), true],
  ['renaming a file', (dir) => renameSync(join(dir, 'sub/c.txt'), join(dir, 'sub/e.txt')), true],
  ['removing a file', (dir) => rmSync(join(dir, 'sub/d.txt')), true],
  ['a new file', (dir) => writeFileSync(join(dir, 'sub/new'), ''), true],
  ['a new directory', (dir) => mkdirSync(join(dir, 'sub/new')), true],
  [
    'another link target',
    (dir) => {
      rmSync(join(dir, 'sub/link'));
      symlinkSync('b.go', join(dir, 'sub/link'));
    },
    true,
  ],
  [
    'exchanging the contents of two files',
    (dir) => {
      renameSync(join(dir, 'sub/c.txt'), join(dir, 'x'));
      renameSync(join(dir, 'sub/d.txt'), join(dir, 'sub/c.txt'));
      renameSync(join(dir, 'x'), join(dir, 'sub/d.txt'));
    },
    true,
  ],
];

CHANGES.forEach(([title, change, isMiss], index) => {
  test(`${title} is a ${isMiss ? 'miss' : 'hit'}`, async () => {
    const dir = context(`change-${index}`);
    const before = await digest(dir, ['a.go', 'sub']);
    change(dir);
    const { digest: changed, manifest } = await digest(dir, ['a.go', 'sub']);
    assert.equal(changed !== before.digest, isMiss);
    assert.equal(compareManifests(before.manifest, manifest).length > 0, isMiss);
  });
});

test('where the files lie takes no part, what they are called does', async () => {
  const dir = context('place');
  renameSync(join(dir, 'sub'), join(dir, 'moved'));
  const moved = await digest(dir, ['moved']);
  renameSync(join(dir, 'moved'), join(dir, 'sub'));
  assert.equal((await digest(dir, ['sub'])).digest, moved.digest);
  writeFileSync(join(dir, 'same-1'), 'same');
  writeFileSync(join(dir, 'same-2'), 'same');
  assert.notEqual((await digest(dir, ['same-1'])).digest, (await digest(dir, ['same-2'])).digest);
});

test('the mode of a named directory takes no part where only its contents do, those below it do', async () => {
  const dir = context('contents');
  const options = { contentsOnly: true };
  mkdirSync(join(dir, 'sub/below'));
  const before = await digest(dir, ['sub'], options);
  chmodSync(join(dir, 'sub'), 0o700);
  const changed = await digest(dir, ['sub'], options);
  assert.equal(changed.digest, before.digest);
  assert.deepEqual(compareManifests(before.manifest, changed.manifest), []);
  chmodSync(join(dir, 'sub/below'), 0o700);
  assert.notEqual((await digest(dir, ['sub'], options)).digest, before.digest);
});

test('an empty directory is not an empty file', async () => {
  const dir = context('empty');
  mkdirSync(join(dir, 'empty'));
  const before = await digest(dir, ['empty'], { contentsOnly: true });
  rmSync(join(dir, 'empty'), { recursive: true });
  writeFileSync(join(dir, 'empty'), '');
  assert.notEqual((await digest(dir, ['empty'], { contentsOnly: true })).digest, before.digest);
});

test('what is excluded takes no part', async () => {
  const dir = context('excluded');
  const options = { exclude: new PatternMatcher(['d.txt']) };
  const before = await digest(dir, ['sub'], options);
  writeFileSync(join(dir, 'sub/d.txt'), 'other');
  assert.equal((await digest(dir, ['sub'], options)).digest, before.digest);
});

test('a manifest names what changed and by how much', async () => {
  const dir = context('manifest');
  const before = await digest(dir, ['.']);
  writeFileSync(join(dir, 'a.go'), `content of a.go${'x'.repeat(31)}`);
  rmSync(join(dir, 'b.go'));
  writeFileSync(join(dir, 'new'), '12');
  const kept = parseManifest(serializeManifest(before.manifest));
  assert.deepEqual(kept, before.manifest);
  assert.deepEqual(compareManifests(kept ?? new Map(), (await digest(dir, ['.'])).manifest), [
    { path: 'a.go', kind: 'changed', sizeDeltaBytes: 31 },
    { path: 'b.go', kind: 'removed', sizeDeltaBytes: -15 },
    { path: 'new', kind: 'added', sizeDeltaBytes: 2 },
  ]);
  assert.equal(parseManifest('a\0b'), undefined);
});

test('a remembered file is not read again, and its digest is the same', async () => {
  const dir = context('remembered');
  const folder = join(root, 'store/remembered');
  const digests = openFileDigests(folder, dir, { now: later });
  const read = await digest(dir, ['.'], { digests });
  digests.save();
  const again = openFileDigests(folder, dir, { now: later });
  assert.equal(again.size, 5);
  assert.equal((await digest(dir, ['.'], { digests: again })).digest, read.digest);
});

test('remembered digests are taken without a look at the contents', async () => {
  const dir = context('trusted');
  const digests = openFileDigests(join(root, 'store/trusted'), dir, { now: later });
  const entry = openLocalTree(dir, { name: 'x' }).lstat('a.go');
  assert.ok(entry?.identity);
  const honest = await digest(dir, ['a.go']);
  digests.set(entry.identity, 'ab'.repeat(32), later());
  const { digest: trusted, manifest } = await digest(dir, ['a.go'], { digests });
  assert.notEqual(trusted, honest.digest);
  assert.ok(manifest.get('a.go')?.digest.endsWith('abab'));
});

test('a file that is younger than the clock can tell is read again', async () => {
  const dir = context('racy');
  const folder = join(root, 'store/racy');
  const digests = openFileDigests(folder, dir, { now: () => Date.now() - 1000 });
  await digest(dir, ['.'], { digests });
  digests.save();
  assert.equal(openFileDigests(folder, dir, { now }).size, 0);
});

test('a damaged or cut file counts as empty, and saving mends it', async () => {
  const dir = context('damaged');
  const folder = join(root, 'store/damaged');
  const digests = openFileDigests(folder, dir, { now: later });
  await digest(dir, ['.'], { digests });
  digests.save();
  const path = join(folder, readdirSync(folder)[0] ?? assert.fail('nothing saved'));
  const whole = readFileSync(path);
  const fd = openSync(path, 'r+');
  writeSync(fd, Buffer.from([whole.at(-1) === 0 ? 1 : 0]), 0, 1, whole.length - 1);
  closeSync(fd);
  assert.equal(openFileDigests(folder, dir, { now }).size, 0);
  truncateSync(path, 40);
  const mended = openFileDigests(folder, dir, { now: later });
  assert.equal(mended.size, 0);
  await digest(dir, ['.'], { digests: mended });
  mended.save();
  assert.equal(openFileDigests(folder, dir, { now }).size, 5);
});

test('records that nobody used for weeks are dropped', async () => {
  const dir = context('stale');
  const folder = join(root, 'store/stale');
  const digests = openFileDigests(folder, dir, { now: later });
  await digest(dir, ['.'], { digests });
  digests.save();
  const weeks = openFileDigests(folder, dir, { now: () => Date.now() + 30 * 86_400_000 });
  await digest(dir, ['a.go'], { digests: weeks });
  weeks.save();
  assert.equal(openFileDigests(folder, dir, { now }).size, 1);
});

test('grows to many files, each found again', () => {
  const digests = openFileDigests(join(root, 'store/many'), 'many', { now });
  const identity = (at: number) => ({
    device: 1n,
    inode: BigInt(at * 65536),
    size: 1n,
    mtimeNs: 1n,
    ctimeNs: BigInt(at),
  });
  const hex = (at: number) => at.toString(16).padStart(64, '0');
  for (let at = 0; at < 30_000; at++) digests.set(identity(at), hex(at), now());
  digests.save();
  const again = openFileDigests(join(root, 'store/many'), 'many', { now });
  for (let at = 0; at < 30_000; at++) assert.equal(again.get(identity(at)), hex(at));
  assert.equal(again.get({ ...identity(7), ctimeNs: 8n }), undefined);
});

test('a large file is read in pieces, timers run meanwhile, and an abort ends it', async () => {
  const dir = context('large');
  writeFileSync(join(dir, 'large'), Buffer.alloc(80 << 20, 1));
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const whole = await digest(dir, ['large']);
  clearInterval(timer);
  assert.equal(whole.sizeBytes, 80 << 20);
  assert.ok(ticks > 0, 'the event loop turned');
  const tree = openLocalTree(dir, { name: 'x' });
  const selection = selectFiles(tree, 'large') ?? assert.fail();
  const options = { digests: forgetfulFileDigests({ now }), signal: AbortSignal.abort(new Error('Ctrl-C')) };
  await assert.rejects(contentDigest(tree, [selection], options), /Ctrl-C/);
});

test('a file that cannot be read is an error that names it', {
  skip: process.getuid?.() === 0 && 'root reads everything',
}, async () => {
  const dir = context('unreadable');
  chmodSync(join(dir, 'a.go'), 0);
  await assert.rejects(digest(dir, ['a.go']), { code: 'PERMISSION_DENIED' });
});
