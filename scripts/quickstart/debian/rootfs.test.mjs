import assert from 'node:assert/strict';
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readDebMember } from './deb.mjs';
import { tarOf, writeDeb } from './fake-deb.mjs';
import { writeRootfs } from './rootfs.mjs';
import { readTar } from './tar.mjs';

const folder = mkdtempSync(join(tmpdir(), 'rootfs-'));
after(() => rmSync(folder, { recursive: true }));

const everything = { place: (path) => path, remembers: () => false, finish: () => [] };

async function listTar(chunks) {
  const entries = [];
  for await (const { entry, content } of readTar(chunks)) {
    let text = '';
    for await (const chunk of content()) text += chunk;
    entries.push({ ...entry, text });
  }
  return entries;
}

/** Unpacks packages into a root and lists it: `path`, `path -> target`, `path => hard link`, `path/`. */
async function unpackAll(packages, recipe = everything) {
  const files = [];
  for (const [name, entries] of Object.entries(packages)) {
    const file = join(folder, `${name}.deb`);
    await writeDeb(file, entries);
    files.push({ name, file });
  }
  const output = join(folder, 'root.tar');
  await writeRootfs({ packages: files, recipe: { ...everything, ...recipe }, output });
  const mark = { file: () => '', directory: () => '/', symlink: (t) => ` -> ${t}`, hardlink: (t) => ` => ${t}` };
  const entries = await listTar(createReadStream(output));
  return entries.map(({ path, type, target }) => `${path}${mark[type](target)}`);
}

const directory = (path, more) => ({ path, type: 'directory', ...more });

test('keeps owners, modes, times, contents, links and long names', async () => {
  const long = `usr/${'a-long-name/'.repeat(12)}end`;
  const entries = [
    directory(''),
    directory('etc', { mode: 0o750, gid: 42 }),
    { path: 'etc/file', content: 'x'.repeat(1000), mode: 0o4755, uid: 7, mtime: 1_234_567_890 },
    { path: 'etc/empty' },
    { path: 'etc/soft', type: 'symlink', target: `../${long}` },
    { path: 'etc/hard', type: 'hardlink', target: 'etc/file' },
    { path: long, content: 'long' },
  ];
  const file = join(folder, 'kept.deb');
  await writeDeb(file, entries);
  const output = join(folder, 'kept.tar');
  await writeRootfs({ packages: [{ name: 'kept', file }], recipe: everything, output });
  const found = new Map((await listTar(createReadStream(output))).map((entry) => [entry.path, entry]));
  assert.deepEqual(
    [found.get('etc').mode, found.get('etc').gid, found.get('etc/file').mode, found.get('etc/file').uid],
    [0o750, 42, 0o4755, 7],
  );
  assert.equal(found.get('etc/file').mtime, 1_234_567_890);
  assert.equal(found.get('etc/file').text, 'x'.repeat(1000));
  assert.equal(found.get('etc/soft').target, `../${long}`);
  assert.equal(found.get('etc/hard').target, 'etc/file');
  assert.equal(found.get(long).text, 'long');
});

test('puts /bin and /lib into /usr, with links in their place', async () => {
  const listing = await unpackAll({
    a: [directory('bin'), { path: 'bin/ls' }, { path: 'bin/dir', type: 'hardlink', target: 'bin/ls' }],
    b: [
      directory('usr'),
      directory('usr/bin'),
      { path: 'usr/bin/env' },
      { path: 'bin', type: 'symlink', target: 'usr/bin' },
    ],
    c: [{ path: 'usr/lib64/ld.so' }],
  });
  assert.deepEqual(listing, [
    'bin -> usr/bin',
    'usr/',
    'usr/bin/',
    'usr/bin/ls',
    'usr/bin/dir => usr/bin/ls',
    'usr/bin/env',
    'usr/lib64/',
    'lib64 -> usr/lib64',
    'usr/lib64/ld.so',
  ]);
});

test('gives the same bytes twice', async () => {
  await unpackAll({ a: [{ path: 'x/y', content: '1' }] });
  const first = readFileSync(join(folder, 'root.tar'));
  await unpackAll({ a: [{ path: 'x/y', content: '1' }] });
  assert.ok(first.equals(readFileSync(join(folder, 'root.tar'))));
});

test('places, leaves out, remembers and finishes as the recipe says', async () => {
  const listing = await unpackAll(
    { a: [{ path: 'doc/manual' }, { path: 'old/tool' }, { path: 'etc/master', content: 'root' }] },
    {
      place: (path) => (path.startsWith('doc/') ? undefined : path.replace(/^old\//, 'new/')),
      remembers: (path) => path === 'etc/master',
      finish: (files, { paths }) => [
        { path: 'etc/copy', content: files.get('etc/master') },
        { path: 'etc/master', content: 'is there already' },
        { path: 'etc/list', content: paths.get('a').join() },
      ],
    },
  );
  assert.deepEqual(listing, ['new/', 'new/tool', 'etc/', 'etc/master', 'etc/copy', 'etc/list']);
});

test('refuses a file that two packages have, and leaves no half of a tar', async () => {
  await assert.rejects(unpackAll({ a: [{ path: 'etc/x' }], b: [{ path: 'etc/x' }] }), /both a and b have \/etc\/x/);
  assert.ok(!existsSync(join(folder, 'root.tar')));
});

for (const path of ['../outside', 'etc/../../outside', '/etc/../../x']) {
  test(`refuses the path ${path}`, async () =>
    assert.rejects(unpackAll({ a: [{ path, content: 'x' }] }), /leaves the archive's root/));
}

test('reads a member of a .deb without dpkg', async () => {
  const file = join(folder, 'own.deb');
  await writeDeb(file, [{ path: 'etc/x', content: 'abc' }]);
  const entries = await listTar(readDebMember(file, 'data.tar'));
  assert.deepEqual(
    entries.map(({ path, text }) => [path, text]),
    [['etc/x', 'abc']],
  );
});

test('notices a tar that ends too early', async () => {
  const whole = await tarOf([{ path: 'x', content: 'abc'.repeat(1000) }]);
  await assert.rejects(listTar([whole.subarray(0, 1500)]), /ends in the middle/);
});
