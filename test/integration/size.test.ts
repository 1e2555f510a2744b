import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { tarFile, writeArchive } from '../../src/contents/archive.fixture.ts';
import { CHROMIUM, checkMap, checkPage, startChromium } from './chromium.ts';
import { createRig } from './rig.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';

const LAYERS = [
  [
    tarFile('opt/data/large', 'x'.repeat(50_000)),
    tarFile(`opt/${HOSTILE}`, 'y'.repeat(20_000)),
    tarFile('opt/old', 'z'.repeat(9000)),
  ],
  [tarFile('opt/.wh.old'), tarFile('etc/other', 'w'.repeat(10_000))],
];

test('one image has the same sizes from every source', async (t) => {
  const rig = createRig(t);
  const archive = join(rig.dir, 'image.tar');
  await writeArchive(archive, { layers: LAYERS });
  const sizesOf = (image: string) => {
    const { image: _, id: __, blobBytes: ___, layers, ...rest } = JSON.parse(rig.ok('size', '--format', 'json', image));
    return {
      ...rest,
      layers: layers.map(({ blobBytes: ____, instruction: _____, ...layer }: Record<string, unknown>) => layer),
    };
  };
  const expected = sizesOf(archive);
  assert.equal(expected.wastedBytes, 9000);
  rig.ok('load', '-i', archive);
  const id = rig.ok('images', '-q').trim();
  rig.ok('tag', id, 'stored');
  for (const [name, ...flags] of [
    ['docker.tar', 'stored'],
    ['oci.tar', '--format', 'oci-archive', 'stored'],
  ] as const) {
    rig.ok('save', '-o', join(rig.dir, name), ...flags);
    assert.deepEqual(sizesOf(`./${name}`), expected, name);
    spawnSync('gzip', ['-k', join(rig.dir, name)]);
    assert.deepEqual(sizesOf(`./${name}.gz`), expected, `${name}.gz`);
    if (spawnSync('zstd', ['-q', join(rig.dir, name)]).status === 0)
      assert.deepEqual(sizesOf(`./${name}.zst`), expected);
    else t.diagnostic('zstd is not installed: no archive of it was read');
  }
  spawnSync('sh', ['-c', 'mkdir layout && tar -xf oci.tar -C layout'], { cwd: rig.dir });
  assert.deepEqual(sizesOf('oci-layout://layout'), expected, 'layout');
  assert.deepEqual(sizesOf('stored'), expected, 'store');
});

test('a budget, a difference, and mistakes', async (t) => {
  const rig = createRig(t);
  await writeArchive(join(rig.dir, 'a.tar'), { layers: LAYERS });
  await writeArchive(join(rig.dir, 'b.tar'), { layers: [...LAYERS, [tarFile('new', 'n'.repeat(1234))]] });
  assert.equal(rig.slipway('size', '--budget', '1MB', 'a.tar').status, 0);
  const over = rig.slipway('size', '--budget', '50kB', 'a.tar');
  assert.equal(over.status, 1);
  assert.match(over.stderr, /more than the budget of 50kB/);
  assert.match(rig.ok('size', '--diff', 'a.tar', 'b.tar'), /\+1\.23kB +new +\/new/);
  assert.equal(rig.slipway('size', 'a.tar', 'b.tar').status, 2);
  assert.equal(rig.slipway('size', '--budget', 'much', 'a.tar').status, 2);
  assert.equal(rig.slipway('size', './absent.tar').status, 1);
});

test('the page of an image in a real Chromium', { skip: CHROMIUM ? false : 'there is no Chromium' }, async (t) => {
  const rig = createRig(t);
  await writeArchive(join(rig.dir, 'a.tar'), { layers: LAYERS });
  const file = join(rig.dir, 'size.html');
  rig.ok('size', 'a.tar', '--html', file);
  const page = await startChromium(t);
  await checkPage(page, file, async () => {
    assert.match(await page.evaluate('document.body.innerText'), /opt\/old \(layer 1, deleted in 2\)/);
  });
  await checkMap(page, file);
});
