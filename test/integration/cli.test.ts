import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createRig, importBusybox, SLIPWAY } from './rig.ts';

const SCRATCH = {
  Dockerfile: 'FROM scratch AS first\nCOPY a.txt /\nFROM scratch\nCOPY --from=first /a.txt /b.txt\n',
  'a.txt': 'a',
};

test('help names every command, and every command has help with two examples', (t) => {
  const rig = createRig(t);
  const names = [...rig.ok('--help').matchAll(/^ {2}([a-z]+(?: [a-z]+)?) {2,}[A-Z]/gm)].map(([, name = '']) => name);
  assert.equal(names.includes('build') && names.includes('context why'), true);
  for (const name of names) {
    const help = rig.ok('help', ...name.split(' '));
    assert.match(help, new RegExp(`^Usage: slipway ${name} \\[OPTIONS\\]`));
    assert.equal((help.match(/^ {2}.*slipway|^ {2}source|^ {2}docker/gm) ?? []).length >= 2, true, help);
    const tooWide = help.split('\n').filter((line) => line.length > 100);
    assert.deepEqual(tooWide, [], name);
  }
});

test('says its version before it loads anything, also by a link as npm makes it, and the same one afterwards', (t) => {
  const rig = createRig(t);
  const loaded = rig.ok('--version', 'x');
  assert.match(loaded, /^slipway version \d+\.\d+\.\d+\S*\n$/);
  const link = join(rig.dir, 'slipway');
  symlinkSync(SLIPWAY, link);
  for (const flag of ['--version', '-v']) {
    assert.equal(rig.ok(flag), loaded);
    assert.equal(spawnSync(link, [flag], { encoding: 'utf8' }).stdout, loaded);
  }
});

test('help explains an error by its code', (t) => {
  const rig = createRig(t);
  assert.match(rig.ok('help', 'RUN_FAILED'), /^RUN_FAILED\n/);
  const { status, stderr } = rig.slipway('help', 'RUN_FALED');
  assert.equal(status, 2);
  assert.match(stderr, /Did you mean "slipway help RUN_FAILED"/);
});

for (const [args, says] of [
  [['biuld', '.'], /Did you mean "slipway build"/],
  [['context', 'lst'], /Did you mean "slipway context ls"/],
  [['build', '--targett=x', '.'], /has no flag --targett\.[\s\S]*Did you mean --target/],
  [['build'], /"slipway build" needs <context>/],
  [['build', '-t'], /needs a value/],
  [['build', 'a', 'b'], /takes one argument, not 2/],
  [['build', '--progress=fancy', '.'], /It is one of: auto, tty/],
  [['build', '--pull=maybe', '.'], /neither true nor false/],
  [['build', '--memory', '1g', '.'], /has no --memory[\s\S]*systemd-run/],
  [['build', '--provenance=true', '.'], /No provenance/],
] as const) {
  test(`"${args.join(' ')}" is wrong usage, told in a sentence`, (t) => {
    const { status, stdout, stderr } = createRig(t).slipway(...args);
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^error: [A-Z"-].*\. \(USAGE\)\n/);
    assert.match(stderr, says);
  });
}

test("quiet prints the id alone, which the files repeat in docker's form", (t) => {
  const rig = createRig(t);
  const context = rig.files('context', SCRATCH);
  const [iidfile, metadata] = [join(rig.dir, 'iid'), join(rig.dir, 'metadata')];
  const out = ['-o', `type=oci,dest=${join(rig.dir, 'out.tar')}`];
  const { stdout, stderr } = rig.slipway(
    'build',
    '-q',
    '-t',
    'x',
    '--iidfile',
    iidfile,
    '--metadata-file',
    metadata,
    ...out,
    context,
  );
  assert.equal(stderr, '');
  assert.match(stdout, /^sha256:[0-9a-f]{64}\n$/);
  assert.equal(readFileSync(iidfile, 'utf8'), stdout.trim());
  const written = JSON.parse(readFileSync(metadata, 'utf8'));
  assert.equal(written['containerimage.config.digest'], stdout.trim());
  assert.equal(written['containerimage.descriptor'].digest, written['containerimage.digest']);
  assert.equal(written['containerimage.descriptor'].mediaType, 'application/vnd.oci.image.manifest.v1+json');
  assert.equal(written['containerimage.descriptor'].platform.os, 'linux');
  assert.equal(written['image.name'], 'docker.io/library/x:latest');
});

test('progress none says nothing at all', (t) => {
  const rig = createRig(t);
  const { status, stdout, stderr } = rig.slipway('build', '--progress', 'none', rig.files('context', SCRATCH));
  assert.deepEqual([status, stdout, stderr], [0, '', '']);
});

test('plain progress has the form of BuildKit', (t) => {
  const rig = createRig(t);
  const { stderr } = rig.slipway('build', rig.files('context', SCRATCH));
  assert.match(stderr, /^#1 \[first 1\/1\] COPY a\.txt \/\n#1 DONE \d+\.\ds\n\n#2 \[stage-1 1\/1\] COPY/);
});

test('rawjson is one status a line, and the vertexes end', (t) => {
  const rig = createRig(t);
  const { stderr } = rig.slipway('build', '--progress=rawjson', rig.files('context', SCRATCH));
  const statuses = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const vertexes = statuses.flatMap((status) => status.vertexes ?? []);
  const names = new Set(vertexes.map(({ name }) => name));
  const completed = new Set(vertexes.filter((vertex) => vertex.completed).map(({ name }) => name));
  assert.deepEqual(completed, names);
  assert.equal(names.has('[first 1/1] COPY a.txt /'), true);
});

test('a check finds, exits with 1, and builds nothing', (t) => {
  const rig = createRig(t);
  const context = rig.files('context', { Dockerfile: 'FROM scratch AS Up\nCMD echo hi\n' });
  const { status, stdout } = rig.slipway('build', '--check', context);
  assert.equal(status, 1);
  assert.match(stdout, /^Check complete, 2 warnings have been found!\n\nWARNING: StageNameCasing - https:/);
  assert.match(stdout, /Dockerfile:2\n-{20}\n {3}1 \| {5}FROM scratch AS Up\n {3}2 \| >>> CMD echo hi/);
  assert.equal(rig.slipway('build', '--call=check,ignorestatus=true', context).status, 0);
  assert.equal(JSON.parse(rig.slipway('build', '--call=check,format=json', context).stdout).warnings.length, 2);
  assert.equal(rig.ok('images', '-q', '--no-trunc'), '');
});

test('outline and targets say what the text says', (t) => {
  const rig = createRig(t);
  const Dockerfile =
    'ARG V=1\n# one is the first\nFROM scratch AS one\n# A is asked for\nARG A=x$V\nFROM scratch\nCOPY --from=one . /\n';
  const context = rig.files('context', { Dockerfile });
  assert.equal(
    rig.ok('build', '--call=targets', context),
    'TARGET    DESCRIPTION\none       is the first\n(default) \n',
  );
  const outline = JSON.parse(rig.ok('build', '--call=outline,format=json', '--target', 'one', context));
  assert.deepEqual(
    [outline.name, outline.description, outline.args[0].description],
    ['one', 'is the first', 'is asked for'],
  );
});

test('context says what is seen, and why', (t) => {
  const rig = createRig(t);
  const context = rig.files('context', {
    ...SCRATCH,
    '.dockerignore': '*.log\n!keep.log\n',
    'b.log': '',
    'keep.log': '',
  });
  const listed = JSON.parse(rig.ok('context', 'ls', '--format', 'json', context));
  assert.deepEqual(
    listed.files.map(({ path }: { path: string }) => path),
    ['.dockerignore', 'Dockerfile', 'a.txt', 'keep.log'],
  );
  assert.equal(rig.ok('context', 'why', context, 'keep.log'), 'keep.log  kept by .dockerignore:2  !keep.log\n');
  const { status, stdout } = rig.slipway('context', 'why', context, 'b.log');
  assert.deepEqual([status, stdout], [1, 'b.log  hidden by .dockerignore:1  *.log\n']);
});

test('verify finds the same image, and names what differs', (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const same = rig.files('same', { Dockerfile: 'FROM busybox\nRUN echo same > /file\n' });
  const other = rig.files('other', { Dockerfile: 'FROM busybox\nRUN cat /proc/sys/kernel/random/uuid > /file\n' });
  const epoch = ['--build-arg', 'SOURCE_DATE_EPOCH=1700000000'];
  rig.ok('build', '-t', 'same', ...epoch, same);
  rig.ok('build', '-t', 'other', ...epoch, other);
  assert.match(
    rig.ok('verify', '-q', 'same', same),
    /^✓ The same image: [0-9a-f]{12}, .* SOURCE_DATE_EPOCH=1700000000\.\n$/,
  );
  const { status, stdout } = rig.slipway('verify', '-q', 'other', other);
  assert.equal(status, 1);
  assert.match(stdout, /layer 2: RUN \/bin\/sh -c cat .*\n {4}\/file {2}content sha256:[0-9a-f]{12}, now sha256:/);
});

test('bash completes by asking the command itself', { skip: !hasBash() && 'bash is not there' }, (t) => {
  const rig = createRig(t);
  const context = rig.files('context', SCRATCH);
  rig.ok('build', '-q', '-t', 'hello:1', context);
  const complete = (line: string) => {
    const script = `slipway() { "${process.execPath}" "${SLIPWAY}" "$@"; }
      source <(slipway completion bash)
      COMP_LINE=${JSON.stringify(line)} COMP_POINT=${line.length}
      _slipway
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = { PATH: process.env['PATH'], SLIPWAY_ROOT: rig.store };
    return spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8', env, cwd: context })
      .stdout.trim()
      .split('\n');
  };
  assert.deepEqual(complete('slipway comp'), ['completion']);
  assert.deepEqual(complete('slipway build --progress '), ['auto', 'tty', 'plain', 'rawjson', 'quiet', 'none']);
  assert.deepEqual(complete('slipway build --progress=pl'), ['plain']);
  assert.deepEqual(complete('slipway build --target '), ['first']);
  assert.deepEqual(complete('slipway run hel'), ['hello:1']);
  assert.deepEqual(complete('slipway run hello:'), ['1']);
  assert.deepEqual(complete('slipway build -f a'), ['a.txt']);
});

function hasBash(): boolean {
  return spawnSync('bash', ['--version']).status === 0;
}
