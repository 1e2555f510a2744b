import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { linkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createRig, importBusybox, type Rig } from './rig.ts';

/** A step of half a megabyte each. */
const large = (name: string) => `RUN head -c 500000 /dev/urandom > /${name}`;

test('du says what the disk has, and counts a file with several names once', (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const dockerfile = `FROM busybox\n${large('a')} && ln /a /b && mkdir /d && ln /a /d/c\nCOPY x /x\n`;
  rig.ok('build', '-t', 'made', rig.files('context', { Dockerfile: dockerfile, x: 'x' }));
  // Between folders of the store, where one of the two has to count it.
  const mount = rig.files('store/mounts/0123456789abcdef0123456789abcdef', { x: 'x'.repeat(300_000) });
  linkSync(join(mount, 'x'), join(rig.store, 'builds', 'x'));
  assert.equal(usage(rig).total, diskUsage(rig.store));
  const rows = lines(rig.ok('du', '--format', 'json'));
  assert.deepEqual(
    rows.map(({ Type }) => Type),
    ['images', 'records', 'snapshots', 'blobs', 'mounts', 'builds', 'contexts'],
  );
  const items = lines(rig.ok('du', '--verbose', '--filter', 'kind=image', '--format', 'json'));
  assert.equal(
    items.reduce((sum, { SizeBytes }) => sum + Number(SizeBytes), 0),
    rows.find(({ Type }) => Type === 'images')?.SizeBytes,
  );
  assert.match(rig.ok('du', '--format', '{{.Type}} {{.TotalCount}}'), /^images 2\nrecords 3\n/);
  assert.match(rig.ok('du'), /^TYPE +TOTAL +ACTIVE +SIZE +RECLAIMABLE +OLDEST USE\nimages/);
  assert.equal(rig.slipway('du', '--filter', 'knid=image').status, 2);
});

test('prune brings the store under a ceiling, the longest unused first, and explain says so', (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const contexts = ['first', 'second', 'third'].map((name) =>
    rig.files(name, { Dockerfile: `FROM busybox\n${large(name)}\nRUN echo /${name} > /name\n` }),
  );
  for (const context of contexts) rig.ok('build', '-o', 'type=tar,dest=/dev/null', context);
  touchSteps(rig, 'first', 3);
  touchSteps(rig, 'second', 2);
  const before = diskUsage(rig.store);
  const ceiling = before - 600_000;
  const shown = rig.ok('prune', '--max-size', `${ceiling}`, '--dry-run', '--verbose');
  assert.match(shown, /head -c 500000 \/dev\/urandom > \/first[^\n]* 3 days ago +[\d.]+s +to make room/);
  assert.doesNotMatch(shown, /third/);
  assert.equal(diskUsage(rig.store), before, 'nothing was touched');

  const { items, remainingBytes } = JSON.parse(rig.ok('prune', '-f', '--max-size', `${ceiling}`, '--format', 'json'));
  assert.ok(
    items.every(({ reason, name }: Record<string, string>) => reason === 'ceiling' && !name?.includes('third')),
  );
  assert.ok(diskUsage(rig.store) <= ceiling);
  assert.equal(usage(rig).total, diskUsage(rig.store));
  assert.ok(Math.abs(remainingBytes - diskUsage(rig.store)) < 100_000);

  rig.ok('build', '-o', 'type=tar,dest=/dev/null', contexts[0] ?? '');
  assert.match(rig.ok('explain'), /the record was pruned/);
  rig.ok('build', '-o', 'type=tar,dest=/dev/null', contexts[2] ?? '');
  assert.match(rig.ok('explain'), /3 of 3 steps were cached/);
});

test('a ceiling that cannot be kept is said, with what stays', (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const { status, stderr } = rig.slipway('prune', '-f', '--max-size', '100kB');
  assert.equal(status, 1);
  assert.match(
    stderr,
    /The store has [\d.]+MB, [\d.]+[kM]B more than 102kB\. What stays:\n +[\d.]+MB {2}images with a name/,
  );
  rig.ok('prune', '-f', '--all', '--kind', 'images');
  rig.ok('prune', '-f', '--max-size', '100kB');
  assert.equal(rig.ok('images', '-q'), '');
});

test('a kind alone goes, and a wrong one is named', (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const dockerfile = 'FROM busybox\nRUN --mount=type=cache,id=kept,target=/c echo a > /c/a\n';
  const context = rig.files('context', { Dockerfile: dockerfile });
  rig.ok('build', '-t', 'made', context);
  assert.match(rig.ok('du', '--verbose', '--filter', 'kind=mounts'), / kept$/m);
  assert.match(rig.ok('prune', '-f', '--kind', 'mounts'), /^removed 1 cache mount as asked/);
  assert.match(rig.ok('build', '-q', context), /^sha256/);
  assert.match(rig.ok('explain'), /2 of 2 steps were cached/);
  const { status, stderr } = rig.slipway('prune', '--kind', 'mouts');
  assert.equal(status, 2);
  assert.match(stderr, /Did you mean "mounts"\?/);
});

test('a build with a ceiling leaves the store under it', (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  rig.ok('build', '-o', 'type=tar,dest=/dev/null', rig.files('old', { Dockerfile: `FROM busybox\n${large('old')}\n` }));
  touchSteps(rig, 'old', 2);
  const ceiling = diskUsage(rig.store) + 200_000;
  const context = rig.files('new', { Dockerfile: `FROM busybox\n${large('new')}\n` });
  const { status, stderr } = rig.slipway('build', '--max-size', `${ceiling}`, '-t', 'new', context);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /removed \d+ steps? of the build cache to make room/);
  assert.ok(diskUsage(rig.store) <= ceiling);
  assert.match(rig.ok('build', '-t', 'new', '--progress', 'plain', context), /^$/);
  assert.match(rig.ok('explain'), /2 of 2 steps were cached/);
});

test('what running builds and containers use is never taken', async (t) => {
  const rig = createRig(t);
  importBusybox(rig);
  const steps = Array.from(
    { length: 4 },
    (_, index) => `RUN --mount=type=cache,target=/c echo ${index} >> /c/log && cat /f >> /g && sleep 0.1\n`,
  );
  const names = ['a', 'b'];
  const contexts = names.map((name) =>
    rig.files(name, { Dockerfile: `FROM busybox\nCOPY f /f\n${steps.join('')}RUN echo ${name} > /n\n`, f: 'f' }),
  );
  // Steps to take from the cache, which a prune would like to take at the same time.
  for (const context of contexts) rig.ok('build', '-o', 'type=tar,dest=/dev/null', context);
  touchSteps(rig, '', 9);
  const container = rig.start('run', '--rm', 'busybox', 'sh', '-c', 'sleep 2; cat /bin/busybox | wc -c');
  const ran = output(container);
  let isRunning = true;
  const builds = Promise.all(
    contexts.map(async (context, index) => {
      for (let round = 0; round < 2; round++) {
        const target = join(context, 'f');
        writeFileSync(target, round === 1 ? 'other' : 'f');
        const out = await output(rig.start('build', '-t', `made-${names[index]}`, context));
        assert.equal(out.code, 0, out.text);
      }
    }),
  ).finally(() => {
    isRunning = false;
  });
  let prunes = 0;
  while (isRunning) {
    const { text } = await output(rig.start('prune', '-f', '--all', '--max-size', '1kB'));
    assert.match(text, /Total reclaimed space/);
    prunes++;
  }
  await builds;
  assert.ok(prunes > 1);
  const { code, text } = await ran;
  assert.equal(code, 0, text);
  for (const name of names)
    assert.equal(rig.ok('run', '--rm', `made-${name}`, 'cat', '/n', '/g'), `${name}\n${'other'.repeat(4)}`);
  assert.equal(usage(rig).total, diskUsage(rig.store));
});

function lines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

function usage(rig: Rig): { readonly total: number } {
  return { total: JSON.parse(rig.ok('info', '--format', 'json')).store.bytes };
}

/** What the coreutils say. */
function diskUsage(path: string): number {
  return Number.parseInt(spawnSync('du', ['--summarize', '--block-size=1', path], { encoding: 'utf8' }).stdout, 10);
}

/** Makes the records of steps whose text has `name` as old as so many days. */
function touchSteps(rig: Rig, name: string, days: number): void {
  const records = join(rig.store, 'cache', 'records');
  const found = spawnSync('grep', ['-rlF', '--', name === '' ? '{' : `/${name}`, records], { encoding: 'utf8' }).stdout;
  spawnSync('touch', ['-d', `${days} days ago`, ...found.split('\n').filter(Boolean)]);
}

async function output(child: ReturnType<Rig['start']>): Promise<{ readonly code: unknown; readonly text: string }> {
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    text += chunk;
  });
  return { code: await new Promise((resolve) => child.once('close', resolve)), text };
}
