import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { digestOf } from '../../image/compression/verify-stream.ts';
import type { Digest } from '../../image/digest.ts';
import { hostPlatform } from '../../image/parse-platform.ts';
import { EMPTY_CONFIG } from './cache-artifact.ts';
import type { CachePlace } from './cache-place.ts';
import type { CacheFormat } from './cache-place-spec.ts';
import { localPlace } from './local-place.ts';
import { readArtifact } from './read-artifact.ts';
import { writeArtifact } from './write-artifact.ts';

const FORMAT: CacheFormat = { compression: 'gzip', forceCompression: false, ociMediaTypes: true, imageManifest: true };
const { signal } = new AbortController();
const LAYER = 'application/vnd.oci.image.layer.v1.tar';

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-place-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function write(place: CachePlace, content: string, format: Partial<CacheFormat> = {}): Promise<Digest> {
  const bytes = Buffer.from(content);
  const descriptor = { mediaType: LAYER, digest: digestOf(bytes), size: bytes.length };
  async function* open() {
    yield bytes;
  }
  const config = { ...EMPTY_CONFIG, layers: [{ diffId: descriptor.digest as never, sizeBytes: bytes.length }] };
  await writeArtifact(
    place,
    { config, layers: [{ descriptor, open }], mounts: [] },
    { format: { ...FORMAT, ...format }, signal },
  );
  return descriptor.digest;
}

function read(place: CachePlace) {
  return readArtifact(place, { platform: hostPlatform(), signal });
}

test('a new artifact takes the place of the old one, and of its blobs', async (t) => {
  const dir = folder(t);
  const place = localPlace(dir, { name: 'cache' });
  assert.equal(await read(place), undefined);
  const old = await write(place, 'old');
  const recent = await write(place, 'new');
  assert.deepEqual(
    (await read(place))?.blobs.map(({ digest }) => digest),
    [recent],
  );
  const names = readdirSync(join(dir, 'blobs/sha256'));
  assert.equal(names.length, 3);
  assert.ok(!names.includes(old.slice(7)));
});

test('tags lie side by side', async (t) => {
  const dir = folder(t);
  const [a, b] = [localPlace(dir, { name: 'a', tag: 'a' }), localPlace(dir, { name: 'b', tag: 'b' })];
  const digest = await write(a, 'shared');
  await write(b, 'shared');
  await write(b, 'else', { imageManifest: false });
  assert.deepEqual(
    (await read(a))?.blobs.map((blob) => blob.digest),
    [digest],
  );
  assert.equal((await read(b))?.blobs.length, 1);
});

test("blobs that are somebody else's stay", async (t) => {
  const dir = folder(t);
  const place = localPlace(dir, { name: 'cache' });
  const digest = await write(place, 'one');
  writeFileSync(join(dir, 'index.json'), '{"schemaVersion":2,"manifests":[]}');
  await write(place, 'two');
  assert.ok(await place.has({ mediaType: LAYER, digest, size: 3 }, signal));
});

test('a pipe in the place of a blob keeps nobody waiting', async (t) => {
  const dir = folder(t);
  const place = localPlace(dir, { name: 'cache' });
  const digest = await write(place, 'one');
  const path = join(dir, 'blobs/sha256', digest.slice(7));
  rmSync(path);
  execFileSync('mkfifo', [path]);
  await assert.rejects(async () => {
    for await (const _ of place.open({ mediaType: LAYER, digest, size: 3 }, { signal }));
  }, /is not there/);
});
