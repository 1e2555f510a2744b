import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { Credentials } from '../credentials/credentials.ts';
import type { Descriptor, ImageManifest } from '../descriptor.ts';
import { MEDIA_TYPE } from '../media-type.ts';
import { parsePlatform } from '../parse-platform.ts';
import { parseReference } from '../reference.ts';
import { fetchImageConfig, pullManifest } from './pull-image.ts';
import { type BlobToPush, type ImageToPush, pushImage, pushIndex } from './push-image.ts';
import { RegistryClient, type RegistryClientOptions } from './registry-client.ts';
import { digestOf, RegistryDouble, type RegistryDoubleOptions } from './registry-double.test-fixture.ts';
import type { TransferProgress } from './transfer-progress.ts';

const RETRY = { attempts: 3, baseDelayMs: 1, maxDelayMs: 2000 };
const LAYER = randomBytes(200_000);
const LOGIN: Credentials = { kind: 'password', username: 'me', password: 'pass', source: 'the test' };

async function withRegistry(
  use: (rig: { double: RegistryDouble; client: RegistryClient }) => Promise<void>,
  options: RegistryDoubleOptions & Partial<RegistryClientOptions> = {},
): Promise<void> {
  await using double = await RegistryDouble.start(options);
  await using client = new RegistryClient({ env: {}, retry: RETRY, ...options });
  await use({ double, client });
}

async function* inChunks(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 30_000) yield bytes.subarray(at, at + 30_000);
}

function blob(bytes: Buffer, mediaType: string = MEDIA_TYPE.ociLayer): BlobToPush & { opened: number } {
  const descriptor: Descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length };
  const result = {
    descriptor,
    opened: 0,
    open: () => {
      result.opened++;
      return inChunks(bytes);
    },
  };
  return result;
}

function image(
  architecture = 'amd64',
  layers: readonly Buffer[] = [LAYER],
): ImageToPush & { manifest: { bytes: Buffer } } {
  const json = { architecture, os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: layers.map(digestOf) } };
  const config = blob(Buffer.from(JSON.stringify(json)), MEDIA_TYPE.ociConfig);
  const blobs = layers.map((bytes) => blob(bytes));
  const manifest: ImageManifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociManifest,
    config: config.descriptor,
    layers: blobs.map(({ descriptor }) => descriptor),
  };
  return {
    manifest: { mediaType: MEDIA_TYPE.ociManifest, bytes: Buffer.from(JSON.stringify(manifest)) },
    config,
    layers: blobs,
  };
}

for (const auth of [undefined, 'basic', 'bearer'] as const) {
  test(`pushes an image and pulls it again, authorization ${auth ?? 'none'}`, () =>
    withRegistry(
      async ({ double, client }) => {
        const reference = parseReference(`${double.host}/team/app:v1`);
        const pushed = image();
        const descriptor = await pushImage(client, reference, { image: pushed });
        assert.equal(double.seen.at(-1), 'PUT /v2/team/app/manifests/v1');
        const pulled = await pullManifest(client, reference, { platform: parsePlatform('linux/amd64') });
        assert.deepEqual(pulled.descriptor, descriptor);
        assert.deepEqual(pulled.bytes, pushed.manifest.bytes);
        const { config } = await fetchImageConfig(client, reference, pulled);
        assert.deepEqual(config.rootfs.diff_ids, [digestOf(LAYER)]);
      },
      { ...(auth && { auth, login: { username: 'me', password: 'pass' } }), credentials: async () => LOGIN },
    ));
}

test('sends nothing that the registry has, and mounts what another repository has', () =>
  withRegistry(
    async ({ double, client }) => {
      const first = parseReference(`${double.host}/team/app:v1`);
      await pushImage(client, first, { image: image() });
      double.requests.length = 0;
      const again = image();
      await pushImage(client, first, { image: again });
      assert.deepEqual(
        again.layers.map((layer) => (layer as ReturnType<typeof blob>).opened),
        [0],
      );
      assert.equal(double.requests.filter(({ method }) => method === 'POST').length, 0);

      const events: TransferProgress[] = [];
      const other = image();
      const withOrigin = (source: BlobToPush) => ({ ...source, origin: first });
      const mounted = { ...other, config: withOrigin(other.config), layers: other.layers.map(withOrigin) };
      const target = parseReference(`${double.host}/team/other:v1`);
      await pushImage(client, target, { image: mounted, onProgress: (event) => events.push(event) });
      assert.deepEqual(
        events.map(({ skipped }) => skipped),
        ['mounted', 'mounted'],
      );
      const scopes = double.requests
        .filter(({ url }) => url.startsWith('/token'))
        .map(({ url }) => decodeURIComponent(url));
      assert.equal(scopes.length, 1);
      assert.match(scopes[0] ?? '', /scope=repository:team\/other:pull,push&scope=repository:team\/app:pull/);
    },
    { auth: 'bearer' },
  ));

test('uploads what cannot be mounted', () =>
  withRegistry(async ({ double, client }) => {
    const layer = blob(LAYER);
    const repository = parseReference(`${double.host}/team/app`);
    await client.pushBlob({ repository, ...layer }, { mountFrom: 'team/none' });
    assert.ok(await client.hasBlob(repository, layer.descriptor));
    double.fail({ method: 'POST', path: /mount=/, status: 403 });
    const other = parseReference(`${double.host}/team/b`);
    await client.pushBlob({ repository: other, ...blob(LAYER) }, { mountFrom: 'team/secret' });
    assert.ok(await client.hasBlob(other, layer.descriptor));
  }));

const BROKEN_UPLOADS = [
  { method: 'PUT', path: /uploads/, status: 502 },
  { method: 'PUT', path: /uploads/, cutAfter: 0 },
  { method: 'POST', path: /uploads/, status: 429 },
  { method: 'PUT', path: /uploads/, status: 404 },
  { method: 'PUT', path: /uploads/, status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } },
];

for (const fault of BROKEN_UPLOADS) {
  test(`uploads again after ${fault.method} gave ${fault.status ?? 'a cut connection'}`, () =>
    withRegistry(async ({ double, client }) => {
      double.fail(fault);
      const repository = parseReference(`${double.host}/team/app`);
      const layer = blob(LAYER);
      await client.pushBlob({ repository, ...layer });
      assert.deepEqual(double.blobs.get(layer.descriptor.digest), LAYER);
    }));
}

test('streams an upload of unknown length, again after a cut', () =>
  withRegistry(async ({ double, client }) => {
    double.fail({ method: 'PATCH', path: /uploads/, cutAfter: 0 });
    const repository = parseReference(`${double.host}/team/app`);
    const { open, descriptor } = blob(LAYER);
    const events: TransferProgress[] = [];
    const stored = await client.pushBlobStream(
      { repository, open },
      { id: 'layer', onProgress: (event) => events.push(event) },
    );
    assert.deepEqual(stored, { digest: descriptor.digest, size: LAYER.length });
    assert.deepEqual(double.blobs.get(descriptor.digest), LAYER);
    assert.deepEqual(events.at(-1), { id: 'layer', current: LAYER.length, total: LAYER.length, done: true });
  }));

test('passes on what is wrong with the bytes to be sent', () =>
  withRegistry(async ({ double, client }) => {
    const repository = parseReference(`${double.host}/team/app`);
    const failing = async function* () {
      yield LAYER.subarray(0, 1000);
      throw Object.assign(new Error('the source broke'), { code: 'ENOENT' });
    };
    const broken = { name: 'Error', message: 'the source broke' };
    await assert.rejects(client.pushBlob({ repository, ...blob(LAYER), open: failing }), broken);
    await assert.rejects(client.pushBlobStream({ repository, open: failing }, { id: 'x' }), broken);
    assert.equal(double.seen.filter((line) => line.startsWith('PUT')).length <= 1, true);
  }));

test('copies more blobs between registries than it may have on their way', () =>
  withRegistry(
    async ({ double, client }) => {
      const warnings: unknown[] = [];
      process.on('warning', (warning) => warnings.push(warning));
      const layers = Array.from({ length: 15 }, () => randomBytes(50_000));
      const from = parseReference(`${double.host}/team/app:v1`);
      const original = image('amd64', layers);
      await pushImage(client, from, { image: original });
      await using other = await RegistryDouble.start();
      const copied = (source: BlobToPush) => ({
        descriptor: source.descriptor,
        origin: from,
        open: () => client.fetchBlob(from, source.descriptor),
      });
      const copy = { ...original, config: copied(original.config), layers: original.layers.map(copied) };
      await pushImage(client, parseReference(`${other.host}/team/app:v1`), { image: copy });
      assert.equal(other.blobs.size, 16);
      assert.deepEqual(warnings, []);
    },
    { maxTransfers: 1 },
  ));

test('stops all uploads when one fails for good', () =>
  withRegistry(async ({ double, client }) => {
    double.fail({ method: 'POST', path: /uploads/, status: 403, times: 99 });
    const layers = Array.from({ length: 8 }, () => randomBytes(100));
    const pushing = pushImage(client, parseReference(`${double.host}/team/app:v1`), { image: image('amd64', layers) });
    await assert.rejects(pushing, { code: 'REGISTRY_DENIED' });
    assert.equal(double.manifests.size, 0);
    assert.ok(double.seen.filter((line) => line.startsWith('POST')).length < 8);
  }));

test('notices that other bytes were stored', () =>
  withRegistry(async ({ double, client }) => {
    const headers = { 'docker-content-digest': `sha256:${'0'.repeat(64)}` };
    double.fail({ method: 'PUT', path: /manifests/, status: 201, headers });
    const pushing = client.pushManifest(parseReference(`${double.host}/a:1`), image().manifest);
    await assert.rejects(pushing, { code: 'REGISTRY_FAILED' });
  }));

test('pushes an index after its images, and pulls the image of a platform', () =>
  withRegistry(async ({ double, client }) => {
    const reference = parseReference(`${double.host}/team/multi:v1`);
    const images = [image('amd64'), image('arm64')];
    const platforms = ['linux/amd64', 'linux/arm64/v8'].map(parsePlatform);
    const manifests = images.map(({ manifest }, i) => ({
      mediaType: manifest.mediaType,
      digest: digestOf(manifest.bytes),
      size: manifest.bytes.length,
      platform: platforms[i],
    }));
    const json = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests };
    const index = { mediaType: MEDIA_TYPE.ociIndex, bytes: Buffer.from(JSON.stringify(json)) };
    const root = await pushIndex(client, reference, { index, images });
    assert.equal(double.seen.at(-1), 'PUT /v2/team/multi/manifests/v1');
    const pulled = await pullManifest(client, reference, { platform: parsePlatform('linux/arm64') });
    assert.deepEqual(pulled.root, root);
    assert.equal(pulled.descriptor.digest, manifests[1]?.digest);
    assert.deepEqual(pulled.descriptor.platform, platforms[1]);
    assert.equal((await fetchImageConfig(client, reference, pulled)).config.architecture, 'arm64');
    const missing = pullManifest(client, reference, { platform: parsePlatform('linux/s390x') });
    await assert.rejects(missing, { code: 'IMAGE_PLATFORM_MISSING', hint: /linux\/amd64, linux\/arm64\/v8/ });
  }));
