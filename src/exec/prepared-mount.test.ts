import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { prepareRoot } from './prepared-mount.ts';

/** What an overlay of these layers is called in a sandbox's folder, and what had to be made there. */
function prepared(lowerNames: readonly string[]): {
  readonly names: readonly string[];
  readonly made: readonly string[];
} {
  const store = mkdtempSync(join(tmpdir(), 'slipway-prepared-'));
  try {
    const active = join(store, 'snapshots/.active-1');
    const dir = join(active, '.exec-1');
    mkdirSync(dir, { recursive: true });
    const lowerDirs = lowerNames.map((name) => join(store, name));
    const root = { kind: 'overlay', lowerDirs, upperDir: join(active, 'fs'), workDir: join(active, 'work') } as const;
    const [overlay] = prepareRoot(root, dir);
    assert.ok(overlay?.upper);
    const { upperName, workName } = overlay.upper;
    return { names: [...overlay.lowerNames, upperName, workName], made: readdirSync(dir).sort() };
  } finally {
    rmSync(store, { recursive: true });
  }
}

const BESIDE = ['../../.active-1/fs', '../../.active-1/work'];

test('layers beside the snapshot need no links', () => {
  const { names, made } = prepared(['snapshots/a/fs', 'snapshots/chain-1.x_2/fs']);
  assert.deepEqual(names, ['../../a/fs', '../../chain-1.x_2/fs', ...BESIDE]);
  assert.deepEqual(made, []);
});

for (const name of ['elsewhere/fs', 'snapshots/a:b/fs', 'snapshots/a,b/fs', 'snapshots/a b/fs', 'snapshots/a\\b/fs']) {
  test(`a layer at ${name} gets a link`, () => {
    assert.deepEqual(prepared([name]), { names: ['r0', ...BESIDE], made: ['r0'] });
  });
}

test('too many layers for their names to fit get links', () => {
  const { names, made } = prepared(Array.from({ length: 200 }, (_, index) => `snapshots/${'0'.repeat(13)}${index}/fs`));
  assert.deepEqual([names[0], names[199], names[200]], ['r0', 'r199', 'ru']);
  assert.equal(made.length, 202);
});
