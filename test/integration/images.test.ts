import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createRig, namesIn, type Rig, SLIPWAY } from './rig.ts';
import { tarBytes } from './tar-bytes.ts';

const ROOTFS = tarBytes([
  ['etc/', ''],
  ['etc/passwd', 'root:x:0:0::/:/bin/sh\n'],
  ['secret', 'x', { uid: 7, gid: 8, mode: 0o4711 }],
]);

function importRootfs(rig: Rig, ...args: readonly string[]): string {
  const path = join(rig.dir, 'rootfs.tar');
  writeFileSync(path, ROOTFS);
  return rig.ok('import', ...args.slice(0, -1), path, args.at(-1) ?? 'rootfs').trim();
}

test('an import is an image with what --change says, and nothing else', (t) => {
  const rig = createRig(t);
  assert.equal(rig.ok('images'), 'REPOSITORY   TAG   IMAGE ID   CREATED   SIZE   PLATFORM\n');
  const changes = ['CMD ["sh","-c","id"]', 'ENV A=b C=d', 'USER u', 'WORKDIR /w', 'LABEL x.y=z', 'EXPOSE 80'];
  const flags = changes.flatMap((change) => ['--change', change]);
  const id = importRootfs(rig, ...flags, '-m', 'by hand', 'team/base:1');
  assert.match(id, /^sha256:[0-9a-f]{64}$/);
  const [image] = JSON.parse(rig.ok('inspect', 'team/base:1'));
  assert.deepEqual(image.RepoTags, ['team/base:1']);
  assert.equal(image.Comment, 'by hand');
  assert.deepEqual(image.Config, {
    Cmd: ['sh', '-c', 'id'],
    Entrypoint: null,
    Env: ['A=b', 'C=d'],
    ExposedPorts: { '80/tcp': {} },
    Labels: { 'x.y': 'z' },
    OnBuild: null,
    User: 'u',
    Volumes: null,
    WorkingDir: '/w',
  });
  const refused = rig.slipway('import', '--change', 'RUN x', join(rig.dir, 'rootfs.tar'));
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /"RUN x" is not a change/);
});

test('a folder and standard input are imported as well', (t) => {
  const rig = createRig(t);
  const folder = rig.files('root', { 'a/b': 'c' });
  rig.ok('import', folder, 'folder');
  const env = { PATH: process.env['PATH'], HOME: rig.dir, SLIPWAY_ROOT: rig.store };
  const piped = spawnSync(process.execPath, [SLIPWAY, 'import', '-', 'piped'], { input: ROOTFS, env });
  assert.equal(piped.status, 0, String(piped.stderr));
  assert.match(rig.ok('images', '--format', '{{.Repository}}'), /^(folder|piped)\n(folder|piped)\n$/);
});

test('lists, templates and filters are those of docker', (t) => {
  const rig = createRig(t);
  const id = importRootfs(rig, '--change', 'LABEL a=b', 'one:1');
  rig.ok('tag', 'one:1', 'registry.example:5000/two:2');
  assert.equal(
    rig.ok('images', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}'),
    `one:1 ${id.slice(7, 19)}\nregistry.example:5000/two:2 ${id.slice(7, 19)}\n`,
  );
  assert.equal(rig.ok('images', '-q', '--no-trunc', 'on*'), `${id}\n`);
  assert.equal(rig.ok('images', '-q', '--filter', 'label=a=c'), '');
  assert.equal(rig.ok('images', '-q', '--filter', 'dangling=true'), '');
  assert.equal(JSON.parse(rig.ok('images', '--format', 'json', 'one')).Tag, '1');
  assert.equal(rig.ok('inspect', '-f', '{{.Config.Entrypoint}} {{json .Config.Entrypoint}}', 'one:1'), '[] null\n');
  assert.equal(rig.ok('history', '--format', '{{.ID}}', 'one:1'), `${id.slice(7, 19)}\n`);
  const unknown = rig.slipway('inspect', 'one:1', 'onf:1');
  assert.equal(unknown.status, 1);
  assert.equal(JSON.parse(unknown.stdout).length, 1);
  assert.match(unknown.stderr, /IMAGE_NOT_FOUND[\s\S]*Did you mean "one:1"/);
  assert.equal(rig.slipway('images', '--filter', 'lable=a').status, 2);
});

test('the last name takes the image with it, and its content', (t) => {
  const rig = createRig(t);
  const id = importRootfs(rig, 'one:1');
  rig.ok('tag', 'one:1', 'two:1');
  assert.equal(rig.slipway('rmi', id.slice(7, 19)).status, 1);
  assert.equal(rig.ok('rmi', 'two:1'), 'Untagged: two:1\n');
  assert.equal(rig.ok('rmi', 'one:1'), `Untagged: one:1\nDeleted: ${id}\n`);
  assert.deepEqual(namesIn(join(rig.store, 'blobs/sha256')), []);
  assert.deepEqual(snapshots(rig), []);
  assert.equal(rig.slipway('rmi', 'one:1').status, 1);
  assert.equal(rig.slipway('rmi', '-f', 'one:1').status, 0);
});

for (const format of ['docker-archive', 'oci-archive', 'oci-dir']) {
  test(`what is saved as ${format} is loaded elsewhere as the same images`, (t) => {
    const rig = createRig(t);
    const id = importRootfs(rig, 'one:1');
    rig.ok('tag', 'one:1', 'team/two:2');
    const path = join(rig.dir, 'saved');
    rig.ok('save', '--format', format, '-o', path, 'one:1', 'team/two:2');
    const other = createRig(t);
    assert.equal(other.ok('load', '-i', path), 'Loaded image: one:1\nLoaded image: team/two:2\n');
    assert.equal(other.ok('inspect', '-f', '{{.Id}}', 'team/two:2'), `${id}\n`);
    // Its files are what they were.
    const context = other.files('context', { Dockerfile: 'FROM one:1\n' });
    other.ok('build', '-o', `type=tar,dest=${join(other.dir, 'files.tar')}`, context);
    const { stdout } = spawnSync('tar', ['tvf', join(other.dir, 'files.tar')], { encoding: 'utf8' });
    assert.match(stdout, /^-rws--x--x 7\/8 +1 2001-09-09 \d\d:46 secret$/m);
  });
}

test('prune takes what nothing needs and says so', (t) => {
  const rig = createRig(t);
  importRootfs(rig, 'kept:1');
  const old = rig.files('root', { a: 'b' });
  rig.ok('import', old, 'moved:1');
  rig.ok('import', rig.files('other', { a: 'c' }), 'moved:1');
  const context = rig.files('context', { Dockerfile: 'FROM kept:1\nCOPY a /\n', a: 'a' });
  rig.ok('build', context);
  const pruned = JSON.parse(rig.ok('prune', '-f', '--format', 'json'));
  assert.deepEqual(
    pruned.items.filter(({ kind }: { kind: string }) => kind === 'image').length,
    2,
    'the import that lost its name, and the build that had none',
  );
  assert.ok(pruned.bytes > 0);
  assert.match(rig.ok('images'), /kept[\s\S]*moved|moved[\s\S]*kept/);
  const steps = snapshots(rig).length;
  assert.match(rig.ok('prune', '--all'), /removed \d+ steps? of the build cache[\s\S]*Total reclaimed space: /);
  assert.equal(snapshots(rig).length, steps - 1, 'the snapshot of COPY, which only the cache had');
  assert.equal(rig.ok('prune'), 'Total reclaimed space: 0B\n');
  rig.ok('build', context);
});

test('prune leaves a running build what it works with', async (t) => {
  const rig = createRig(t);
  importRootfs(rig, 'base:1');
  const files = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`many/${index}`, `${index}`]));
  const context = rig.files('context', { Dockerfile: 'FROM base:1\nCOPY many /many\nCOPY many /again\n', ...files });
  const build = rig.start('build', '-t', 'made', context);
  const code = new Promise((resolve) => build.once('exit', resolve));
  let prunes = 0;
  for (let ended = false; !ended; ) {
    rig.ok('prune', '--all');
    prunes++;
    ended = await Promise.race([code.then(() => true), new Promise<false>((resolve) => setImmediate(resolve, false))]);
  }
  assert.equal(await code, 0);
  assert.ok(prunes > 1);
  rig.ok('build', '-o', join(rig.dir, 'out'), context);
  assert.equal(readdirSync(join(rig.dir, 'out/again')).length, 400);
});

test('what cannot be written is explained', (t) => {
  const rig = createRig(t);
  importRootfs(rig, 'one:1');
  const folder = rig.slipway('save', '-o', rig.dir, 'one:1');
  assert.equal(folder.status, 2);
  assert.match(folder.stderr, /is a folder/);
  const missing = rig.slipway('load', '-i', join(rig.dir, 'nothing.tar'));
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /ARCHIVE_INVALID/);
  const rootfs = rig.slipway('load', '-i', join(rig.dir, 'rootfs.tar'));
  assert.match(rootfs.stderr, /slipway import/);
});

test('info says what this machine can do', (t) => {
  const rig = createRig(t);
  const info = JSON.parse(rig.ok('info', '--format', 'json'));
  assert.equal(info.store.root, rig.store);
  assert.equal(info.store.from, 'SLIPWAY_ROOT');
  assert.deepEqual(Object.keys(info.machine.isolation), ['oci', 'namespaces', 'chroot']);
  assert.match(rig.ok('info'), /^store +.*\(SLIPWAY_ROOT\)$/m);
});

function snapshots(rig: Rig): string[] {
  return namesIn(join(rig.store, 'snapshots')).filter((name) => !name.startsWith('.'));
}
