import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { hostPlatform } from '../../image/parse-platform.ts';
import { listMounts, type MountIdentity, mountFolder, writeIdentity } from '../cache/mount-folder.ts';
import type { StoredCacheDestination } from './cache-place-spec.ts';
import { exportStoreMounts } from './export-store-mounts.ts';
import { importStoreMounts } from './import-store-mounts.ts';
import { MOST_CONTENT_BYTES } from './mounts-index.ts';

const CACHE: MountIdentity = { kind: 'cache', id: '/root/.cache' };
const GO: MountIdentity = {
  kind: 'go-build',
  project: 'example.com/m',
  goVersion: '1.26',
  platform: 'linux/amd64',
  uid: 0,
};
const ENTRIES = 300;

class Bench {
  readonly dir: string;

  constructor(t: TestContext) {
    this.dir = mkdtempSync(join(tmpdir(), 'slipway-mounts-'));
    t.after(() => rmSync(this.dir, { recursive: true, force: true }));
  }

  mount(store: string, identity: MountIdentity): string {
    const dir = mountFolder(join(this.dir, store, 'mounts'), identity);
    mkdirSync(dir, { recursive: true });
    writeIdentity(dir, identity);
    return dir;
  }

  export(store: string, more: Partial<StoredCacheDestination> = {}) {
    const destination = { ...DESTINATION, dest: join(this.dir, 'cache'), ...more } as StoredCacheDestination;
    return exportStoreMounts(destination, { ...this.#options(store), only: [] });
  }

  async import(store: string) {
    return (await this.boundedImport(store, undefined)).mounts;
  }

  boundedImport(store: string, maxBytes: number | undefined) {
    const source = { type: 'local', src: join(this.dir, 'cache') } as const;
    return importStoreMounts(source, { ...this.#options(store), only: [], maxBytes });
  }

  #options(store: string) {
    return {
      storeRoot: join(this.dir, store),
      client: () => Promise.reject(new Error('nobody asks a registry')),
      cwd: this.dir,
      platform: hostPlatform(),
      signal: new AbortController().signal,
    };
  }
}

const DESTINATION = {
  type: 'local',
  mode: 'max',
  ignoreError: false,
  mounts: true,
  compression: 'gzip',
  forceCompression: false,
  ociMediaTypes: true,
  imageManifest: true,
} as const;

function goEntry(number: number, kind = 'd'): string {
  const hex = number.toString(16).padStart(4, '0').repeat(16);
  return `${hex.slice(0, 2)}/${hex}-${kind}`;
}

function fillGoCache(dir: string): void {
  for (let number = 0; number < ENTRIES; number++) {
    const path = join(dir, goEntry(number));
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, `object ${number % 100}`);
  }
}

test('a mount arrives as it was: modes, times, links, large and empty files', async (t) => {
  const bench = new Bench(t);
  const dir = bench.mount('a', CACHE);
  mkdirSync(join(dir, 'deep/er'), { recursive: true });
  const large = Buffer.alloc(MOST_CONTENT_BYTES + 5, 'x');
  writeFileSync(join(dir, 'deep/large'), large);
  writeFileSync(join(dir, 'deep/er/empty'), '', { mode: 0o600 });
  writeFileSync(join(dir, 'script'), '#!/bin/sh\n');
  chmodSync(join(dir, 'script'), 0o755);
  symlinkSync('../../etc/passwd', join(dir, 'link'));
  utimesSync(join(dir, 'script'), 1_600_000_000, 1_600_000_000);
  utimesSync(join(dir, 'deep'), 1_500_000_000, 1_500_000_000);
  await bench.export('a');

  const [imported] = await bench.import('b');
  assert.equal(imported?.outcome, 'new');
  const there = mountFolder(join(bench.dir, 'b/mounts'), CACHE);
  assert.deepEqual(readdirSync(there).sort(), ['deep', 'link', 'script']);
  assert.ok(readFileSync(join(there, 'deep/large')).equals(large));
  assert.equal(lstatSync(join(there, 'deep/er/empty')).mode & 0o7777, 0o600);
  assert.equal(lstatSync(join(there, 'script')).mode & 0o7777, 0o755);
  assert.equal(lstatSync(join(there, 'script')).mtimeMs, 1_600_000_000_000);
  assert.equal(lstatSync(join(there, 'deep')).mtimeMs, 1_500_000_000_000);
  assert.equal(readlinkSync(join(there, 'link')), '../../etc/passwd');
  assert.deepEqual(
    listMounts(join(bench.dir, 'b/mounts')).map(({ identity }) => identity),
    [CACHE],
  );
});

test('equal contents are sent once, and a second export sends what is new', async (t) => {
  const bench = new Bench(t);
  const dir = bench.mount('a', GO);
  fillGoCache(dir);
  const first = await bench.export('a');
  assert.equal(first.mounts[0]?.files, ENTRIES);
  assert.equal(first.sent.packs, 1);
  assert.ok(readdirSync(join(bench.dir, 'cache/blobs/sha256')).length <= 4, 'a handful of blobs for hundreds of files');

  const again = await bench.export('a');
  assert.deepEqual(again.sent, { packs: 0, bytes: 0 });
  writeFileSync(join(dir, goEntry(1)), 'something new');
  const third = await bench.export('a');
  assert.equal(third.sent.packs, 1);
  assert.ok(third.sent.bytes < 1000, `${third.sent.bytes} bytes`);
  assert.equal(third.present.packs, 1);
});

test('a mount that this machine does not have stays in the cache', async (t) => {
  const bench = new Bench(t);
  fillGoCache(bench.mount('a', GO));
  await bench.export('a');
  writeFileSync(join(bench.mount('b', CACHE), 'file'), 'of another machine');
  const { mounts } = await bench.export('b');
  assert.deepEqual(
    mounts.map(({ identity, isKept }) => [identity.kind, isKept]),
    [
      ['cache', false],
      ['go-build', true],
    ],
  );
  assert.equal((await bench.import('c')).length, 2);
});

test('what is here stays; a Go cache gets what it lacks, and never through a link', async (t) => {
  const bench = new Bench(t);
  fillGoCache(bench.mount('a', GO));
  writeFileSync(join(bench.mount('a', CACHE), 'file'), 'theirs');
  await bench.export('a');
  const go = bench.mount('b', GO);
  const outside = join(bench.dir, 'outside');
  mkdirSync(outside);
  symlinkSync(outside, join(go, '00'));
  writeFileSync(join(bench.mount('b', CACHE), 'mine'), 'mine');
  const outcomes = (await bench.import('b')).map(({ identity, outcome }) => [identity.kind, outcome]);
  assert.deepEqual(outcomes.sort(), [
    ['cache', 'kept'],
    ['go-build', 'added'],
  ]);
  assert.deepEqual(readdirSync(mountFolder(join(bench.dir, 'b/mounts'), CACHE)), ['mine']);
  assert.equal(readFileSync(join(go, goEntry(299)), 'utf8'), 'object 99');
  assert.deepEqual(readdirSync(outside), []);
});

test('a bound holds, and packs that are mostly gone are made anew', async (t) => {
  const bench = new Bench(t);
  const dir = bench.mount('a', GO);
  for (let number = 0; number < 20; number++) {
    const path = join(dir, goEntry(number));
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, Buffer.alloc(1000, number));
    utimesSync(path, 1000 + number, 1000 + number);
  }
  await bench.export('a');
  const { mounts, leftOut, sent, present } = await bench.export('a', { maxMountBytes: 5000 });
  assert.equal(mounts[0]?.files, 5);
  assert.equal(leftOut?.files, 15);
  assert.deepEqual([sent.packs, present.packs], [1, 0]);
  const [imported] = await bench.import('b');
  assert.equal(imported?.files, 5);
  assert.ok(lstatSync(join(mountFolder(join(bench.dir, 'b/mounts'), GO), goEntry(19))).isFile());
});

test('a damaged pack leaves nothing behind', async (t) => {
  const bench = new Bench(t);
  fillGoCache(bench.mount('a', GO));
  const { blobs } = await bench.export('a');
  const pack = blobs.find(({ descriptor }) => descriptor.mediaType.includes('pack'));
  const path = join(bench.dir, 'cache/blobs/sha256', pack?.descriptor.digest.slice(7) ?? '');
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);
  await assert.rejects(bench.import('b'));
  assert.deepEqual(listMounts(join(bench.dir, 'b/mounts')), []);
  assert.deepEqual(
    readdirSync(join(bench.dir, 'b/mounts/go-build')).filter((name) => !name.endsWith('.lock')),
    [],
  );
});

test('a bounded import takes what was used last, and says what it left', async (t) => {
  const bench = new Bench(t);
  const dir = bench.mount('a', GO);
  for (const [number, day] of [
    [1, 1],
    [2, 3],
    [3, 2],
  ] as const) {
    const path = join(dir, goEntry(number));
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, 'x'.repeat(1000));
    utimesSync(path, day * 86_400, day * 86_400);
  }
  await bench.export('a');
  const { mounts, leftOut } = await bench.boundedImport('b', 2500);
  assert.equal(mounts[0]?.files, 2);
  assert.deepEqual(leftOut, { files: 1, bytes: 1000, usedMs: 86_400_000 });
  const there = mountFolder(join(bench.dir, 'b/mounts'), GO);
  assert.deepEqual(
    [1, 2, 3].map((number) => existsSync(join(there, goEntry(number)))),
    [false, true, true],
  );
});
