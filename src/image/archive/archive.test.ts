import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { digestOf } from '../compression/verify-stream.ts';
import type { Descriptor, ImageIndex } from '../descriptor.ts';
import { MEDIA_TYPE } from '../media-type.ts';
import { BlobStore } from '../store/blob-store.ts';
import { packTar, type TarMember } from '../tar/pack-tar.ts';
import type { TarHeader } from '../tar/tar-header.ts';
import type { ExportableImage, ExportableIndex } from './exportable-image.ts';
import { readImageArchive } from './read-image-archive.ts';
import { writeImageArchive } from './write-image-archive.ts';
import { writeImageLayout } from './write-image-layout.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-archive-'));
after(() => rmSync(dir, { recursive: true }));
const newStore = () => new BlobStore(mkdtempSync(join(dir, 'store-')));

async function* streamOf(...chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

async function collect(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of source) parts.push(chunk);
  return Buffer.concat(parts);
}

function file(path: string, content: string | Buffer, header: Partial<TarHeader> = {}): TarMember {
  const bytes = Buffer.from(content);
  const own = { path, type: 'file', mode: 0o644, uid: 0, gid: 0, mtimeNs: 0n, size: bytes.length } as const;
  return { header: { ...own, ...header }, content: bytes };
}

const pack = (members: Iterable<TarMember>): Buffer => Buffer.concat([...packTar(members)]);

interface Sample extends ExportableImage {
  readonly id: string;
}

/** An image of two layers, one of them gzipped. */
function sampleImage(text: string, names: readonly string[] = [], architecture = 'amd64'): Sample {
  const plain = pack([file(`${text}.txt`, `content of ${text}`)]);
  const other = pack([file('second', text)]);
  const zipped = gzipSync(other);
  const diffIds = [digestOf(plain), digestOf(other)];
  const rootfs = { type: 'layers', diff_ids: diffIds };
  const config = Buffer.from(JSON.stringify({ architecture, os: 'linux', config: { Env: [text] }, rootfs }));
  const descriptors: Descriptor[] = [
    { mediaType: MEDIA_TYPE.ociLayer, digest: digestOf(plain), size: plain.length },
    { mediaType: MEDIA_TYPE.ociLayerGzip, digest: digestOf(zipped), size: zipped.length },
  ];
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociManifest,
      config: { mediaType: MEDIA_TYPE.ociConfig, digest: digestOf(config), size: config.length },
      layers: descriptors,
    }),
  );
  const bytes = [plain, zipped];
  return {
    id: digestOf(config),
    config,
    manifest,
    layers: descriptors.map((descriptor, index) => ({ descriptor, open: () => streamOf(bytes[index] ?? plain) })),
    names,
    platform: { os: 'linux', architecture },
  };
}

function sampleIndex(names: readonly string[]): ExportableIndex {
  const images = [sampleImage('one'), sampleImage('two', [], 'arm64')];
  const manifests = images.map(({ manifest, platform }) => {
    return { mediaType: MEDIA_TYPE.ociManifest, digest: digestOf(manifest), size: manifest.length, platform };
  });
  const index = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests };
  return { index: Buffer.from(JSON.stringify(index)), images, names };
}

const NAMES = ['docker.io/library/hello:latest', 'registry.example/hello:1'];

for (const format of ['oci', 'docker'] as const) {
  test(`images written as ${format} archive are read back`, async () => {
    const images = [sampleImage('a', NAMES), sampleImage('b')];
    const archive = await collect(writeImageArchive(images, { format }));
    const blobs = newStore();
    const read = await readImageArchive(streamOf(archive), blobs);
    assert.deepEqual(
      read.map(({ id, names }) => [id, names]),
      images.map(({ id, names }) => [id, names]),
    );
    for (const [index, image] of read.entries()) {
      assert.equal(image.manifest.digest, digestOf(images[index]?.manifest ?? ''));
      assert.deepEqual(
        image.layers.map(({ blob }) => blob),
        images[index]?.layers.map(({ descriptor }) => descriptor),
      );
      for (const { blob } of image.layers) assert.ok(blobs.has(blob.digest, blob.size));
    }
    assert.equal(read[0]?.config.config.Env?.[0], 'a');
  });

  test(`the ${format} archive has the form docker and BuildKit write`, async () => {
    const path = join(dir, `${format}.tar`);
    const image = sampleImage('a', NAMES);
    writeFileSync(path, await collect(writeImageArchive([image], { format })));
    const listed = execFileSync('tar', ['-tvf', path, '--numeric-owner', '--full-time', '--utc'])
      .toString()
      .trim()
      .split('\n');
    const lines = listed.map((line) => line.replace(/ +\d+ 1970-01-01 00:00:00/, ''));
    const blobs = readBlobNames(image).map((hex) => `-r--r--r-- 0/0 blobs/sha256/${hex}`);
    const small = ['index.json', ...(format === 'docker' ? ['manifest.json'] : []), 'oci-layout'];
    const expected = [
      'drwxr-xr-x 0/0 blobs/',
      'drwxr-xr-x 0/0 blobs/sha256/',
      ...blobs,
      ...small.map((name) => `-rw-r--r-- 0/0 ${name}`),
    ];
    assert.deepEqual(lines, expected);
    const index: ImageIndex = JSON.parse(execFileSync('tar', ['-xOf', path, 'index.json']).toString());
    assert.deepEqual(
      index.manifests.map(({ annotations }) => annotations),
      NAMES.map((name) => ({
        'io.containerd.image.name': name,
        'org.opencontainers.image.ref.name': name.split(':')[1],
      })),
    );
    if (format !== 'docker') return;
    const [entry] = JSON.parse(execFileSync('tar', ['-xOf', path, 'manifest.json']).toString());
    assert.deepEqual(entry.RepoTags, ['hello:latest', 'registry.example/hello:1']);
    assert.equal(entry.Config, `blobs/sha256/${image.id.slice(7)}`);
  });
}

function readBlobNames({ config, manifest, layers }: ExportableImage): string[] {
  const digests = [digestOf(config), digestOf(manifest), ...layers.map(({ descriptor }) => descriptor.digest)];
  return digests.map((digest) => digest.slice(7)).sort();
}

test('equal images give equal archives', async () => {
  const write = () => collect(writeImageArchive([sampleImage('a', NAMES)], { format: 'oci' }));
  assert.ok((await write()).equals(await write()));
});

test('a compressed archive is read, from a file too', async () => {
  const path = join(dir, 'compressed');
  writeFileSync(path, gzipSync(await collect(writeImageArchive([sampleImage('a')], { format: 'docker' }))));
  assert.equal((await readImageArchive(path, newStore())).length, 1);
});

test('of an index every platform is read, or the one that was asked for', async () => {
  const archive = await collect(writeImageArchive([sampleIndex(NAMES)], { format: 'oci' }));
  const all = await readImageArchive(streamOf(archive), newStore());
  assert.deepEqual(
    all.map(({ platform }) => platform.architecture),
    ['amd64', 'arm64'],
  );
  assert.deepEqual(
    all.map(({ names }) => names),
    [NAMES, NAMES],
  );
  const platform = { os: 'linux', architecture: 'arm64' };
  const [one, ...rest] = await readImageArchive(streamOf(archive), newStore(), { platform });
  assert.equal(one?.config.config.Env?.[0], 'two');
  assert.deepEqual(rest, []);
});

test('a layout is written, added to, and read by name', async () => {
  const layout = join(dir, 'layout');
  await writeImageLayout(layout, [
    sampleImage('a', ['docker.io/library/a:1']),
    sampleImage('b', ['docker.io/library/b:2']),
  ]);
  await writeImageLayout(layout, [sampleImage('c', ['docker.io/library/a:1'])]);
  const names = (await readImageArchive(layout, newStore())).map((image) => [
    image.config.config.Env?.[0],
    ...image.names,
  ]);
  assert.deepEqual(names, [
    ['b', 'docker.io/library/b:2'],
    ['c', 'docker.io/library/a:1'],
  ]);
  for (const reference of ['docker.io/library/b:2', '2']) {
    const [image] = await readImageArchive(layout, newStore(), { reference });
    assert.equal(image?.config.config.Env?.[0], 'b');
  }
  assert.deepEqual(await readImageArchive(layout, newStore(), { reference: 'missing' }), []);
  assert.ok(existsSync(join(layout, 'oci-layout')));
});

test('a layout with a damaged, missing or strange blob is refused', async () => {
  const layout = join(dir, 'damaged');
  const image = sampleImage('a');
  const path = join(layout, 'blobs/sha256', image.layers[1]?.descriptor.digest.slice(7) ?? '');
  await writeImageLayout(layout, [image]);
  unlinkSync(path);
  await assert.rejects(readImageArchive(layout, newStore()), { code: 'ARCHIVE_INVALID' });
  writeFileSync(path, 'damaged');
  await assert.rejects(readImageArchive(layout, newStore()), { code: 'DIGEST_MISMATCH' });
  unlinkSync(path);
  execFileSync('mkfifo', [path]);
  await assert.rejects(readImageArchive(layout, newStore()), { code: 'ARCHIVE_INVALID' });
});

/** What `docker save` wrote before it wrote layouts: manifest.json last, a repeated layer as a symlink. */
function oldDockerArchive(image: Sample, plain: Buffer, second: Buffer): TarMember[] {
  const config = `${image.id.slice(7)}.json`;
  const entry = {
    Config: config,
    RepoTags: ['hello:latest'],
    Layers: ['first/layer.tar', 'second/layer.tar', 'third/layer.tar'],
  };
  return [
    file('first/', '', { type: 'directory' }),
    file('first/VERSION', '1.0'),
    file('first/layer.tar', plain),
    file('second/layer.tar', second),
    file('third/layer.tar', '', { type: 'symlink', linkTarget: '../first/layer.tar' }),
    file(config, image.config),
    file('manifest.json', JSON.stringify([entry])),
    file('repositories', '{}'),
  ];
}

test('archives of old versions of docker are read', async () => {
  const plain = pack([file('x', 'x')]);
  const second = pack([file('y', 'y')]);
  const rootfs = { type: 'layers', diff_ids: [plain, second, plain].map((bytes) => digestOf(bytes)) };
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs }));
  const members = oldDockerArchive({ ...sampleImage('a'), id: digestOf(config), config }, plain, second);
  const blobs = newStore();
  const [image] = await readImageArchive(streamOf(pack(members)), blobs);
  assert.equal(image?.id, digestOf(config));
  assert.deepEqual(image?.names, ['hello:latest']);
  assert.deepEqual(
    image?.layers.map(({ diffId, blob }) => [diffId, blob.digest, blob.mediaType]),
    [
      [digestOf(plain), digestOf(plain), MEDIA_TYPE.ociLayer],
      [digestOf(second), digestOf(second), MEDIA_TYPE.ociLayer],
      [digestOf(plain), digestOf(plain), MEDIA_TYPE.ociLayer],
    ],
  );
  assert.ok(image && blobs.has(image.manifest.digest, image.manifest.size));
  const swapped = oldDockerArchive({ ...sampleImage('a'), id: digestOf(config), config }, second, plain);
  await assert.rejects(readImageArchive(streamOf(pack(swapped)), newStore()), { code: 'IMAGE_CORRUPT' });
});

const loop = { header: { ...file('a/layer.tar', '').header, type: 'symlink' as const, linkTarget: 'layer.tar' } };
const HOSTILE: readonly (readonly [string, readonly TarMember[], string])[] = [
  ['an archive of something else', [file('etc/passwd', 'root')], 'ARCHIVE_INVALID'],
  ['a manifest.json that is no JSON', [file('manifest.json', '{')], 'ARCHIVE_INVALID'],
  ['a manifest.json of another shape', [file('manifest.json', '[null]')], 'ARCHIVE_INVALID'],
  ['a config outside', [file('manifest.json', '[{"Config":"../../etc/passwd","Layers":[]}]')], 'ARCHIVE_INVALID'],
  ['links in a circle', [loop, file('manifest.json', '[{"Config":"a/layer.tar","Layers":[]}]')], 'ARCHIVE_INVALID'],
  ['an index.json that is no index', [file('index.json', '[]')], 'IMAGE_CORRUPT'],
  ['a blob with another digest', [file(`blobs/sha256/${'0'.repeat(64)}`, 'x')], 'DIGEST_MISMATCH'],
];
for (const [title, members, code] of HOSTILE) {
  test(`${title} is refused`, async () => {
    await assert.rejects(readImageArchive(streamOf(pack(members)), newStore()), { code });
  });
}

test('an index that names itself is refused', async () => {
  // No blob can name its own digest, so a chain that is too deep stands for it.
  let inner: Descriptor = { mediaType: MEDIA_TYPE.ociManifest, digest: digestOf('x'), size: 1 };
  const members: TarMember[] = [];
  for (let depth = 0; depth < 8; depth++) {
    const bytes = JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests: [inner] });
    inner = { mediaType: MEDIA_TYPE.ociIndex, digest: digestOf(bytes), size: bytes.length };
    members.push(file(`blobs/sha256/${inner.digest.slice(7)}`, bytes));
  }
  members.push(file('index.json', JSON.stringify({ schemaVersion: 2, manifests: [inner] })));
  await assert.rejects(readImageArchive(streamOf(pack(members)), newStore()), { code: 'ARCHIVE_INVALID' });
});

test('an archive that is cut short leaves no half blob', async () => {
  const archive = await collect(writeImageArchive([sampleImage('a')], { format: 'oci' }));
  const root = mkdtempSync(join(dir, 'cut-'));
  await assert.rejects(readImageArchive(streamOf(archive.subarray(0, 2500)), new BlobStore(root)), {
    code: 'ARCHIVE_INVALID',
  });
  const names = existsSync(join(root, 'blobs/sha256')) ? readdirSync(join(root, 'blobs/sha256')) : [];
  for (const name of names) assert.equal(digestOf(readFileSync(join(root, 'blobs/sha256', name))), `sha256:${name}`);
});

test('what is not there is an error of the user', async () => {
  await assert.rejects(readImageArchive(join(dir, 'missing.tar'), newStore()), { code: 'ARCHIVE_INVALID' });
  mkdirSync(join(dir, 'empty'));
  await assert.rejects(readImageArchive(join(dir, 'empty'), newStore()), { code: 'ARCHIVE_INVALID' });
});

test('a layer that is not as long as it says spoils no archive silently', async () => {
  const image = sampleImage('a');
  for (const bytes of [Buffer.from('short'), Buffer.alloc(100_000)]) {
    const layers = image.layers.map((layer) => ({ ...layer, open: () => streamOf(bytes) }));
    await assert.rejects(collect(writeImageArchive([{ ...image, layers }], { format: 'oci' })), /descriptor/);
  }
});
