import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createRig, type Rig, SLIPWAY } from './rig.ts';

const DOCKERFILE = 'FROM scratch\nCOPY --chown=5:6 --chmod=4750 tool /bin/tool\nCOPY sub /d/\n';

function context(rig: Rig): string {
  const folder = rig.files('context', { Dockerfile: DOCKERFILE, tool: 'tool', 'sub/deep/f': 'f' });
  symlinkSync('bin/tool', join(folder, 'sub/link'));
  return folder;
}

test("files come into a folder as the user's own, beside what is there", (t) => {
  const rig = createRig(t);
  const out = join(rig.dir, 'out');
  mkdirSync(join(out, 'd'), { recursive: true });
  writeFileSync(join(out, 'kept'), 'mine');
  writeFileSync(join(out, 'd/kept'), 'mine');
  // What has the name of a file or a directory of the image gives way to it, and a link is never followed.
  mkdirSync(join(out, 'd/link/full'), { recursive: true });
  mkdirSync(join(rig.dir, 'elsewhere'));
  symlinkSync('../elsewhere', join(out, 'bin'));
  rig.ok('build', '-o', out, context(rig));
  assert.deepEqual(readdirSync(out).sort(), ['bin', 'd', 'kept']);
  assert.deepEqual(readdirSync(join(out, 'd')).sort(), ['deep', 'kept', 'link']);
  assert.equal(readlinkSync(join(out, 'd/link')), 'bin/tool');
  assert.equal(lstatSync(join(out, 'bin')).isDirectory(), true);
  assert.deepEqual(readdirSync(join(rig.dir, 'elsewhere')), []);
  const tool = lstatSync(join(out, 'bin/tool'));
  assert.equal(tool.mode & 0o7777, 0o4750);
  assert.equal(tool.uid, process.getuid?.());
  // Once more over itself.
  rig.ok('build', '-o', out, join(rig.dir, 'context'));
  assert.equal(readFileSync(join(out, 'bin/tool'), 'utf8'), 'tool');
});

test("a tar has the image's owners, also on standard output", (t) => {
  const rig = createRig(t);
  const folder = context(rig);
  const env = { PATH: process.env['PATH'], HOME: rig.dir, SLIPWAY_ROOT: rig.store };
  const { stdout, status } = spawnSync(process.execPath, [SLIPWAY, 'build', '-o', '-', folder], { env });
  assert.equal(status, 0);
  const listed = spawnSync('tar', ['tvf', '-', '--numeric-owner'], { input: stdout, encoding: 'utf8' }).stdout;
  assert.match(listed, /^-rwsr-x--- 5\/6 +4 .* bin\/tool$/m);
  assert.match(listed, /^lrwxrwxrwx 0\/0 .* d\/link -> bin\/tool$/m);
});

test('an image gives the same archive every time, and an archive replaces a file as a whole', (t) => {
  const rig = createRig(t);
  const folder = context(rig);
  const path = join(rig.dir, 'image.tar');
  const build = () => rig.ok('build', '-o', `type=oci,dest=${path},name=team/image:1`, folder);
  build();
  const first = readFileSync(path);
  writeFileSync(path, 'something else');
  build();
  assert.deepEqual(readFileSync(path), first);
  assert.deepEqual(
    readdirSync(rig.dir).filter((name) => name.endsWith('.tmp')),
    [],
  );
});

test('a pipe and a device are written into, not replaced', (t) => {
  const rig = createRig(t);
  const folder = context(rig);
  const pipe = join(rig.dir, 'pipe');
  spawnSync('mkfifo', [pipe]);
  const script = 'timeout 20 cat "$0" | tar t >"$1" & node "$2" build -q -o type=oci,dest="$0" "$3" ; wait';
  const env = { PATH: process.env['PATH'], HOME: rig.dir, SLIPWAY_ROOT: rig.store };
  const list = join(rig.dir, 'list');
  assert.equal(spawnSync('sh', ['-c', script, pipe, list, SLIPWAY, folder], { env, timeout: 30_000 }).status, 0);
  assert.match(readFileSync(list, 'utf8'), /^index\.json$/m);
  assert.equal(lstatSync(pipe).isFIFO(), true);
});

for (const compression of ['gzip', 'zstd', 'uncompressed']) {
  test(`layers are ${compression} where that is asked for`, (t) => {
    const rig = createRig(t);
    const path = join(rig.dir, 'layout');
    const { status, stderr } = rig.slipway(
      'build',
      '-o',
      `type=oci,tar=false,dest=${path},compression=${compression}`,
      context(rig),
    );
    if (compression === 'zstd' && /needs Node.js 22.15/.test(stderr))
      return t.skip('neither Node.js nor zstd can compress');
    assert.equal(status, 0, stderr);
    const blob = (digest: string) => readFileSync(join(path, 'blobs/sha256', digest.slice(7)), 'utf8');
    const [{ digest }] = JSON.parse(readFileSync(join(path, 'index.json'), 'utf8')).manifests;
    const types = JSON.parse(blob(digest)).layers.map(({ mediaType }: { mediaType: string }) => mediaType);
    const suffix = { gzip: '+gzip', zstd: '+zstd', uncompressed: '' }[compression];
    assert.deepEqual(new Set(types), new Set([`application/vnd.oci.image.layer.v1.tar${suffix}`]));
  });
}

test('an output that is not known or lacks its place is wrong usage', (t) => {
  const rig = createRig(t);
  const folder = context(rig);
  for (const output of ['type=oic', 'type=oci,tar=false', 'type=registry', 'type=local']) {
    const { status } = rig.slipway('build', '-o', output, folder);
    assert.equal(status, 2, output);
  }
});
