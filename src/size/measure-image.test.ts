import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { tarFile, writeArchive } from '../contents/archive.fixture.ts';
import { openImage } from '../contents/open-image.ts';
import { RegistryAccess } from '../distribution/registry-access.ts';
import type { TarMember } from '../image/tar/pack-tar.ts';
import { compareSizes } from './compare-sizes.ts';
import { measureImage } from './measure-image.ts';
import { sizeMap } from './size-map.ts';
import { sizePage } from './size-page.ts';

const dir = mkdtempSync(join(tmpdir(), 'slipway-size-'));
after(() => rmSync(dir, { recursive: true, force: true }));
const { signal } = new AbortController();

async function measure(name: string, layers: readonly (readonly TarMember[])[]) {
  await writeArchive(join(dir, name), { layers, gzip: true });
  const registry = new RegistryAccess({});
  await using opened = await openImage({
    image: `./${name}`,
    cwd: dir,
    storeRoot: join(dir, 'none'),
    registry,
    signal,
  });
  return await measureImage(opened, signal);
}

const LAYERS = [
  [tarFile('a/big', 'x'.repeat(1000)), tarFile('a/copy', 'x'.repeat(1000)), tarFile('a/b/small', 'y'.repeat(10))],
  [tarFile('a/big', 'z'.repeat(500)), tarFile('a/hard', '', { type: 'link', linkTarget: 'a/big' })],
  [tarFile('a/b/.wh.small'), tarFile('c', 'x'.repeat(1000))],
];

test('bytes are counted by layer, directory and file; what was lost and what is there twice is told', async () => {
  const sizes = await measure('all.tar', LAYERS);
  assert.equal(sizes.storedBytes, 3510);
  assert.equal(sizes.visibleBytes, 2500);
  assert.equal(sizes.wastedBytes, 1010);
  assert.equal(sizes.efficiency, 2500 / 3510);
  assert.equal(sizes.duplicateBytes, 1000);
  assert.deepEqual(
    sizes.duplicates.map(({ paths }) => paths),
    [['a/copy', 'c']],
  );
  assert.deepEqual(
    sizes.layers.map(({ fileBytes, wastedBytes }) => [fileBytes, wastedBytes]),
    [
      [2010, 1010],
      [500, 0],
      [1000, 0],
    ],
  );
  assert.deepEqual(
    sizes.files.map(({ path, sizeBytes, layer }) => [path, sizeBytes, layer]),
    [
      ['a/copy', 1000, 1],
      ['c', 1000, 3],
      ['a/big', 500, 2],
    ],
  );
  assert.deepEqual(sizes.directories, [{ path: 'a', sizeBytes: 1500 }]);
  assert.deepEqual(
    sizes.wasted.map(({ path, by, layers, byLayers }) => [path, by, layers, byLayers]),
    [
      ['a/big', 'replaced', [1], [2]],
      ['a/b/small', 'deleted', [1], [3]],
    ],
  );
  assert.ok((sizes.blobBytes ?? 0) > 0 && (sizes.blobBytes ?? 0) < sizes.sizeBytes);
});

test('the map has every stored byte', async () => {
  const sizes = await measure('map.tar', LAYERS);
  assert.equal(sizeMap(sizes).sizeBytes, sizes.storedBytes);
});

test('two images are compared by what grew', async () => {
  const before = await measure('before.tar', [
    [tarFile('same', 'x'), tarFile('gone', 'y'.repeat(50)), tarFile('grown', 'z')],
  ]);
  const next = await measure('after.tar', [
    [tarFile('same', 'x'), tarFile('new', 'y'.repeat(9)), tarFile('grown', 'z'.repeat(101))],
  ]);
  assert.deepEqual(compareSizes(before, next).files, [
    { name: 'grown', beforeBytes: 1, afterBytes: 101 },
    { name: 'gone', beforeBytes: 50, afterBytes: 0 },
    { name: 'new', beforeBytes: 0, afterBytes: 9 },
  ]);
});

test('names of files are no markup on the page', async () => {
  const page = sizePage(await measure('page.tar', [[tarFile('<img src=x onerror=alert(1)>', 'x'), tarFile('a', 'x')]]));
  assert.ok(!page.includes('<img'));
  assert.ok(page.includes('&lt;img') || page.includes('\\u003cimg'));
});
