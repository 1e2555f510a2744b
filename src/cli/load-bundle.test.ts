import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadBundle } from './load-bundle.ts';

/** Loads it in a folder of its own, once for each id; what it asked to keep at the end is kept. */
function loader(t: TestContext, source: string) {
  const dir = mkdtempSync(join(tmpdir(), 'bundle-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const folder = join(dir, 'kept');
  const path = join(dir, 'main.cjs');
  writeFileSync(path, source);
  mkdirSync(join(dir, 'parts'));
  writeFileSync(join(dir, 'parts', 'part.cjs'), 'module.exports = 41;');
  return {
    folder,
    load(id: string) {
      const ends: (() => void)[] = [];
      const exports = loadBundle(path, { folder, name: 'main', id, atEnd: (keep) => ends.push(keep) });
      for (const keep of ends) keep();
      return { exports, compiled: ends.length };
    },
    kept: () => readdirSync(folder).sort(),
  };
}

const SOURCE =
  "exports.sum = require('./parts/part.cjs') + 1; exports.name = require('node:path').basename(__filename);";

test('a bundle and its parts are compiled once and kept', (t) => {
  const bundle = loader(t, SOURCE);
  const first = bundle.load('a');
  assert.deepEqual({ ...(first.exports as object) }, { sum: 42, name: 'main.cjs' });
  assert.equal(first.compiled, 2);
  const kept = bundle.kept();
  assert.deepEqual(
    kept.map((name) => name.split('-')[0]),
    ['main', 'part'],
  );
  const second = bundle.load('a');
  assert.deepEqual({ ...(second.exports as object) }, { sum: 42, name: 'main.cjs' });
  assert.equal(second.compiled, 0);
  assert.deepEqual(bundle.kept(), kept);
});

test('another content is kept beside it, and takes the place of what is a week old', (t) => {
  const bundle = loader(t, SOURCE);
  bundle.load('a');
  const old = bundle.kept();
  assert.equal(bundle.load('b').compiled, 2);
  assert.equal(bundle.load('a').compiled, 0);
  const week = Date.now() / 1000 - 8 * 86_400;
  for (const name of old) utimesSync(join(bundle.folder, name), week, week);
  assert.equal(bundle.load('c').compiled, 2);
  assert.equal(bundle.kept().length, 4);
  assert.ok(bundle.kept().every((name) => !old.includes(name)));
});

test('what is damaged is compiled anew', (t) => {
  const bundle = loader(t, SOURCE);
  bundle.load('a');
  for (const name of bundle.kept()) {
    const bytes = readFileSync(join(bundle.folder, name));
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(join(bundle.folder, name), bytes);
  }
  const again = bundle.load('a');
  assert.deepEqual({ ...(again.exports as object) }, { sum: 42, name: 'main.cjs' });
  assert.equal(again.compiled, 2);
  assert.equal(bundle.load('a').compiled, 0);
});

test('a folder that cannot be made costs nothing else', (t) => {
  const bundle = loader(t, SOURCE);
  writeFileSync(bundle.folder, '');
  assert.equal(bundle.load('a').compiled, 2);
  assert.equal(bundle.load('a').compiled, 2);
});
