import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { DiffId } from '../image/digest.ts';
import type { ImageConfig } from '../image/image-config.ts';
import type { Snapshot } from '../rootfs/snapshot.ts';
import { imageDifferences } from './image-differences.ts';

const EPOCH = 1_700_000_000;

function snapshot(t: TestContext, make: (dir: string) => void): Snapshot {
  const diffDir = mkdtempSync(join(tmpdir(), 'verify-'));
  t.after(() => rmSync(diffDir, { recursive: true }));
  make(diffDir);
  return { id: diffDir, parent: undefined, diffDir, ownerTable: undefined };
}

function image(diffIds: readonly string[], more: Partial<ImageConfig> = {}): ImageConfig {
  return {
    architecture: 'amd64',
    os: 'linux',
    config: { Env: ['A=b'] },
    history: [{ created_by: 'ENV A=b', empty_layer: true }, { created_by: 'COPY a /' }],
    rootfs: { type: 'layers', diff_ids: diffIds as readonly DiffId[] },
    ...more,
  };
}

function compare(t: TestContext, before: (dir: string) => void, after: (dir: string) => void) {
  const one = { config: image(['sha256:1']), layers: [snapshot(t, before)], epochSeconds: EPOCH };
  const other = { config: image(['sha256:2']), layers: [snapshot(t, after)], epochSeconds: EPOCH };
  return imageDifferences(one, other).layer;
}

test('equal configs with equal layers differ nowhere', () => {
  const one = { config: image(['sha256:1']), layers: [undefined], epochSeconds: undefined };
  assert.deepEqual(imageDifferences(one, one), { layer: undefined, config: [] });
});

test('the first field that differs is named by its path', () => {
  const one = { config: image([]), layers: [], epochSeconds: undefined };
  const other = { ...one, config: image([], { config: { Env: ['A=c'] } }) };
  assert.deepEqual(imageDifferences(one, other).config, [{ field: 'config.Env[0]', image: 'A=b', rebuilt: 'A=c' }]);
});

for (const [what, before, after] of [
  ['content', (dir: string) => writeFileSync(join(dir, 'f'), 'a'), (dir: string) => writeFileSync(join(dir, 'f'), 'b')],
  ['size', (dir: string) => writeFileSync(join(dir, 'f'), 'a'), (dir: string) => writeFileSync(join(dir, 'f'), 'ab')],
  [
    'mode',
    (dir: string) => writeFileSync(join(dir, 'f'), 'a', { mode: 0o600 }),
    (dir: string) => writeFileSync(join(dir, 'f'), 'a', { mode: 0o644 }),
  ],
  ['type', (dir: string) => writeFileSync(join(dir, 'f'), 'a'), (dir: string) => mkdirSync(join(dir, 'f'))],
  ['target', (dir: string) => symlinkSync('a', join(dir, 'f')), (dir: string) => symlinkSync('b', join(dir, 'f'))],
  ['missing', (dir: string) => writeFileSync(join(dir, 'f'), 'a'), () => undefined],
  ['added', () => undefined, (dir: string) => writeFileSync(join(dir, 'f'), 'a')],
] as const) {
  test(`a file's ${what} is told, with the step that wrote it`, (t) => {
    const layer = compare(t, before, after);
    assert.equal(layer?.createdBy, 'COPY a /');
    assert.deepEqual(
      layer?.files.map((file) => [file.path, file.what]),
      [['/f', what]],
    );
  });
}

test('times count to the second, and not above the epoch', (t) => {
  const at = (seconds: number) => (dir: string) => {
    writeFileSync(join(dir, 'f'), 'a');
    utimesSync(join(dir, 'f'), seconds, seconds);
  };
  assert.deepEqual(compare(t, at(EPOCH + 5), at(EPOCH + 9))?.files, []);
  assert.deepEqual(compare(t, at(EPOCH - 5.5), at(EPOCH - 5.1))?.files, []);
  assert.equal(compare(t, at(EPOCH - 5), at(EPOCH - 9))?.files[0]?.what, 'time');
});
