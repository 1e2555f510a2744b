import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { digestOf } from '../compression/verify-stream.ts';
import type { DiffId, Digest } from '../digest.ts';
import { MEDIA_TYPE } from '../media-type.ts';
import { BlobStore } from './blob-store.ts';
import { ImageStore } from './image-store.ts';
import { LayerTable } from './layer-table.ts';
import { requireImage, resolveImage } from './resolve-image.ts';
import type { StoredImage } from './stored-image.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-store-'));
after(() => rmSync(dir, { recursive: true }));
const { SLIPWAY_CHECKOUT: checkout = '.' } = process.env;
const newRoot = () => join(mkdtempSync(join(dir, 'root-')), 'store');

async function* streamOf(...chunks: readonly string[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

async function read(source: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of source) parts.push(chunk);
  return Buffer.concat(parts).toString();
}

function imageFor(blobs: BlobStore, text: string, extra: Partial<StoredImage> = {}): StoredImage {
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: { Env: [text] },
    rootfs: { type: 'layers', diff_ids: [] },
  };
  const { digest } = blobs.writeBytes(Buffer.from(JSON.stringify(config)));
  const platform = { os: 'linux', architecture: 'amd64' };
  return { id: digest, platform, layers: [], createdMs: 1, storedMs: 2, ...extra };
}

/** An image with a manifest and one layer, all blobs in the store. */
function wholeImage(blobs: BlobStore, text: string): StoredImage {
  const layer = blobs.writeBytes(Buffer.from(`layer of ${text}`));
  const image = imageFor(blobs, text);
  const blob = { mediaType: MEDIA_TYPE.ociLayer, ...layer };
  const config = { mediaType: MEDIA_TYPE.ociConfig, digest: image.id, size: blobs.size(image.id) ?? 0 };
  const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociManifest, config, layers: [blob] };
  const written = blobs.writeBytes(Buffer.from(JSON.stringify(manifest)));
  const layers = [{ diffId: layer.digest as unknown as DiffId, size: 1, blob }];
  return { ...image, layers, manifest: { mediaType: MEDIA_TYPE.ociManifest, ...written } };
}

test('a blob is stored under its digest in an image layout', async () => {
  const root = newRoot();
  const blobs = new BlobStore(root);
  assert.deepEqual(blobs.list(), []);
  const written = await blobs.write(streamOf('hello ', 'world'), { size: 11 });
  assert.deepEqual(written, { digest: digestOf('hello world'), size: 11 });
  assert.equal(readFileSync(join(root, 'blobs/sha256', written.digest.slice(7)), 'utf8'), 'hello world');
  assert.equal(readFileSync(join(root, 'oci-layout'), 'utf8'), '{"imageLayoutVersion":"1.0.0"}');
  assert.equal(await read(blobs.open(written.digest)), 'hello world');
  assert.deepEqual(blobs.list(), [written.digest]);
  assert.equal(blobs.remove(written.digest), 11);
  assert.equal(blobs.remove(written.digest), 0);
});

test('a blob that is not what was promised leaves nothing behind', async () => {
  const root = newRoot();
  const blobs = new BlobStore(root);
  const failing = async function* (): AsyncGenerator<Buffer> {
    yield Buffer.from('half');
    throw new TypeError('the network');
  };
  await assert.rejects(blobs.write(streamOf('other'), { digest: digestOf('hello') }), { code: 'DIGEST_MISMATCH' });
  await assert.rejects(blobs.write(streamOf('too', 'long'), { size: 4 }), { code: 'DIGEST_MISMATCH' });
  await assert.rejects(blobs.write(failing()), /the network/);
  await assert.rejects(blobs.write(streamOf('x'), {}, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.deepEqual(readdirSync(join(root, 'blobs/sha256')), []);
});

test('a blob that is there is not written again, unless it was cut', async () => {
  const blobs = new BlobStore(newRoot());
  const { digest } = blobs.writeBytes(Buffer.from('hello'));
  await blobs.write(streamOf('never read'), { digest, size: 5 });
  assert.equal(await read(blobs.open(digest)), 'hello');
  chmodSync(blobs.path(digest), 0o644);
  truncateSync(blobs.path(digest), 3);
  assert.equal(blobs.has(digest, 5), false);
  await blobs.write(streamOf('hello'), { digest, size: 5 });
  assert.equal(await read(blobs.open(digest)), 'hello');
});

test('a damaged blob is found when it is read, and is gone then', async () => {
  const blobs = new BlobStore(newRoot());
  for (const readIt of [
    (digest: Digest) => read(blobs.open(digest)),
    async (digest: Digest) => blobs.readBytes(digest, 99),
  ]) {
    const { digest } = blobs.writeBytes(Buffer.from('hello'));
    rmSync(blobs.path(digest));
    writeFileSync(blobs.path(digest), 'hullo');
    await assert.rejects(readIt(digest), { code: 'STORE_CORRUPT' });
    assert.equal(blobs.has(digest), false);
    await assert.rejects(readIt(digest), { code: 'STORE_CORRUPT' });
  }
});

test('files of killed writers are removed once they are old', () => {
  const root = newRoot();
  const blobs = new BlobStore(root);
  blobs.writeBytes(Buffer.from('x'));
  const path = join(root, 'blobs/sha256/.tmp-0123');
  writeFileSync(path, 'abandoned');
  assert.equal(blobs.removeAbandoned(60_000), 0);
  utimesSync(path, 1, 1);
  assert.equal(blobs.removeAbandoned(60_000), 9);
  assert.equal(existsSync(path), false);
});

test('an image is found by name, by id and by the start of its id', async () => {
  const root = newRoot();
  const blobs = new BlobStore(root);
  const store = new ImageStore(root, blobs);
  const image = await store.put(imageFor(blobs, 'a'));
  await store.setReference('docker.io/library/hello:latest', { images: [image] });
  assert.deepEqual(resolveImage(store, 'hello')?.image, image);
  assert.equal(resolveImage(store, 'hello')?.reference?.name, 'docker.io/library/hello:latest');
  for (const text of [
    image.id,
    image.id.slice(7),
    image.id.slice(7, 19),
    image.id.slice(0, 12),
    image.id.slice(7, 11),
  ]) {
    assert.deepEqual(resolveImage(store, text)?.image, image, text);
  }
  for (const text of ['hallo', 'hello:other', image.id.slice(7, 10), '!', '', 'f'.repeat(64)]) {
    assert.equal(resolveImage(store, text), undefined, text);
  }
  assert.throws(() => requireImage(store, 'hello:lates'), {
    code: 'IMAGE_NOT_FOUND',
    hint: 'Did you mean "hello:latest"?',
  });
  assert.deepEqual(store.config(image.id).config.Env, ['a']);
});

test('an id that several images start with is an error', async () => {
  const root = newRoot();
  const blobs = new BlobStore(root);
  const store = new ImageStore(root, blobs);
  const platform = { os: 'linux', architecture: 'amd64' };
  for (const end of ['0', '1']) {
    const id = `sha256:${'abcd'.repeat(15)}abc${end}` as Digest;
    await store.put({ id, platform, layers: [], createdMs: 0, storedMs: 0 });
  }
  assert.throws(() => resolveImage(store, 'abcdabcd'), { code: 'IMAGE_NOT_FOUND' });
});

test('a name moves to another image and leaves the first one dangling', async () => {
  const root = newRoot();
  const blobs = new BlobStore(root);
  const store = new ImageStore(root, blobs);
  const first = await store.put(imageFor(blobs, 'a'));
  const second = await store.put(imageFor(blobs, 'b'));
  await store.setReference('docker.io/library/x:latest', { images: [first] });
  await store.setReference('docker.io/library/x:latest', { images: [second] });
  assert.equal(resolveImage(store, 'x')?.image.id, second.id);
  assert.deepEqual(
    store.dangling().map(({ id }) => id),
    [first.id],
  );
  assert.deepEqual(
    (await store.remove(second.id)).map(({ name }) => name),
    ['docker.io/library/x:latest'],
  );
  assert.equal(resolveImage(store, 'x'), undefined);
  assert.deepEqual(
    store.list().map(({ id }) => id),
    [first.id],
  );
  assert.equal(await store.deleteReference('docker.io/library/x:latest'), false);
});

test('a name keeps the platforms of one index side by side, and forgets them when it moves', async () => {
  const root = newRoot();
  const blobs = new BlobStore(root);
  const store = new ImageStore(root, blobs);
  const arm = { os: 'linux', architecture: 'arm64' };
  const [a, b, c] = ['a', 'b', 'c'].map((text) => imageFor(blobs, text, text === 'b' ? { platform: arm } : {}));
  assert.ok(a && b && c);
  for (const image of [a, b, c]) await store.put(image);
  const name = 'docker.io/library/x:latest';
  const digest = digestOf('index');
  await store.setReference(name, { images: [{ id: a.id, platform: a.platform }], digest });
  await store.setReference(name, { images: [{ id: b.id, platform: arm }], digest });
  assert.equal(resolveImage(store, 'x', arm)?.image.id, b.id);
  assert.equal(resolveImage(store, 'x', a.platform)?.image.id, a.id);
  await store.setReference(name, { images: [{ id: c.id, platform: c.platform }], digest: digestOf('moved') });
  assert.equal(resolveImage(store, 'x', arm), undefined);
  assert.equal(resolveImage(store, 'x', c.platform)?.image.id, c.id);
});

test('what is known of an image adds up', async () => {
  const root = newRoot();
  const blobs = new BlobStore(root);
  const store = new ImageStore(root, blobs);
  const whole = wholeImage(blobs, 'a');
  const { manifest, ...bare } = whole;
  const layers = whole.layers.map(({ blob: _, ...layer }) => ({ ...layer, snapshotId: 'snap' }));
  await store.put({ ...bare, layers });
  const merged = await store.put({ ...whole, storedMs: 99 });
  assert.deepEqual(merged.manifest, manifest);
  assert.equal(merged.storedMs, 2);
  assert.equal(merged.layers[0]?.snapshotId, 'snap');
  assert.deepEqual(merged.layers[0]?.blob, whole.layers[0]?.blob);
  assert.deepEqual(await store.put({ ...bare, layers }), merged);
  assert.equal(store.manifest(merged)?.layers.length, 1);
});

test('the index of the layout names the images that are whole', async () => {
  const root = newRoot();
  const blobs = new BlobStore(root);
  const store = new ImageStore(root, blobs);
  const names = () => {
    const index = existsSync(join(root, 'index.json'))
      ? JSON.parse(readFileSync(join(root, 'index.json'), 'utf8'))
      : undefined;
    return index?.manifests.map((entry: { annotations: object }) => Object.values(entry.annotations)[1]);
  };
  const bare = await store.put(imageFor(blobs, 'bare'));
  await store.setReference('docker.io/library/bare:1', { images: [bare] });
  assert.equal(names(), undefined);
  const whole = await store.put(wholeImage(blobs, 'whole'));
  await store.setReference('docker.io/library/whole:1', { images: [whole] });
  assert.deepEqual(names(), ['docker.io/library/whole:1']);
  await store.setReference('docker.io/library/later:1', { images: [bare] });
  const { manifest, layers } = wholeImage(blobs, 'bare');
  await store.put({ ...bare, ...(manifest && { manifest }), layers });
  assert.deepEqual([...names()].sort(), [
    'docker.io/library/bare:1',
    'docker.io/library/later:1',
    'docker.io/library/whole:1',
  ]);
  await store.deleteReference('docker.io/library/later:1');
  if (whole.manifest) blobs.remove(whole.manifest.digest);
  await store.refreshIndex();
  assert.deepEqual(names(), ['docker.io/library/bare:1']);
});

test('names that differ only beyond what a file name can hold are different', async () => {
  const root = newRoot();
  const blobs = new BlobStore(root);
  const store = new ImageStore(root, blobs);
  const image = await store.put(imageFor(blobs, 'a'));
  const long = `docker.io/${'a'.repeat(250)}`;
  for (const tag of ['x', 'y']) await store.setReference(`${long}:${tag}`, { images: [image] });
  assert.deepEqual(
    store
      .references()
      .map(({ name }) => name)
      .sort(),
    [`${long}:x`, `${long}:y`],
  );
});

test('processes that write at once lose nothing', () => {
  const root = newRoot();
  const modules = ['blob-store', 'image-store'].map((name) => join(checkout, `src/image/store/${name}.ts`));
  const bundle = join(dir, 'writer.mjs');
  const script = `
    import { BlobStore } from ${JSON.stringify(modules[0])};
    import { ImageStore } from ${JSON.stringify(modules[1])};
    const [root, name] = process.argv.slice(2);
    const store = new ImageStore(root, new BlobStore(root));
    const id = 'sha256:' + name.repeat(64);
    const platform = { os: 'linux', architecture: 'amd64' };
    await store.put({ id, platform, layers: [], createdMs: 0, storedMs: 0 });
    for (let i = 0; i < 20; i++) {
      await store.setReference('docker.io/library/shared:latest', { images: [{ id, platform }] });
      await store.setReference(\`docker.io/library/\${name}:\${i}\`, { images: [{ id, platform }] });
    }`;
  execFileSync(
    join(checkout, 'node_modules/.bin/esbuild'),
    [
      '--bundle',
      '--platform=node',
      '--format=esm',
      '--target=node20.18',
      '--external:koffi',
      '--log-level=error',
      `--outfile=${bundle}`,
    ],
    { input: script, cwd: checkout },
  );
  execFileSync(
    'sh',
    [
      '-ec',
      `for i in 1 2 3; do "$NODE" "$BUNDLE" "$ROOT" $i & pids="$pids $!"; done; for p in $pids; do wait $p; done`,
    ],
    {
      env: { ...process.env, NODE: process.execPath, BUNDLE: bundle, ROOT: root },
    },
  );
  const store = new ImageStore(root, new BlobStore(root));
  assert.equal(store.list().length, 3);
  assert.equal(store.references().length, 61);
});

test('a layer is known by each of its blobs and where they are', async () => {
  const root = newRoot();
  const table = new LayerTable(root);
  const diffId = digestOf('plain') as unknown as DiffId;
  const gzip = { mediaType: MEDIA_TYPE.ociLayerGzip, digest: digestOf('gzip'), size: 4 };
  const zstd = { mediaType: MEDIA_TYPE.ociLayerZstd, digest: digestOf('zstd'), size: 4 };
  assert.deepEqual(table.blobs(diffId), []);
  assert.equal(table.diffId(gzip.digest), undefined);
  await table.add(diffId, gzip);
  await table.add(diffId, gzip, 'docker.io/library/a');
  await table.add(diffId, gzip, 'docker.io/library/a');
  await table.add(diffId, zstd);
  assert.equal(table.diffId(gzip.digest), diffId);
  assert.deepEqual(
    table.blobs(diffId).map(({ descriptor, repositories }) => [descriptor.size, repositories]),
    [
      [4, ['docker.io/library/a']],
      [4, []],
    ],
  );
});

test('where a blob is may be known before what is in it', async () => {
  const table = new LayerTable(newRoot());
  const diffId = digestOf('plain') as unknown as DiffId;
  const gzip = { mediaType: MEDIA_TYPE.ociLayerGzip, digest: digestOf('gzip'), size: 4 };
  for (let i = 0; i < 25; i++) await table.addRepository(gzip.digest, `registry.example/${i}`);
  assert.equal(table.diffId(gzip.digest), undefined);
  assert.deepEqual(table.blobs(diffId), []);
  await table.add(diffId, gzip);
  assert.equal(table.diffId(gzip.digest), diffId);
  assert.equal(table.blobs(diffId)[0]?.repositories.length, 20);
  assert.equal(table.repositories(gzip.digest).at(-1), 'registry.example/24');
});

test('a record or a name of another shape is none', async () => {
  const root = newRoot();
  const blobs = new BlobStore(root);
  const images = new ImageStore(root, blobs);
  const platform = { os: 'linux', architecture: 'amd64' };
  const { digest: id } = blobs.writeBytes(Buffer.from('{}'));
  await images.put({ id, platform, layers: [], createdMs: 0, storedMs: 0 });
  await images.setReference('docker.io/library/a:latest', { images: [{ id, platform }] });
  assert.ok(images.get(id) && images.references().length === 1);
  for (const text of ['null', '[]', '{}', '{"id":1,"name":2}', '\0\0']) {
    for (const folder of ['records', 'references'].map((name) => join(root, 'images', name)))
      for (const name of readdirSync(folder)) writeFileSync(join(folder, name), text);
    assert.equal(images.get(id), undefined);
    assert.deepEqual(images.references(), []);
  }
});
