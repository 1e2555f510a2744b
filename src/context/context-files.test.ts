import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { contextFiles, judgePath } from './context-files.ts';
import { parseIgnoreFile } from './pattern/ignore-file.ts';

function directory(t: TestContext, files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'context-files-'));
  t.after(() => rmSync(dir, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

test('lists what is seen and, once, what is hidden', (t) => {
  const dir = directory(t, {
    '.dockerignore': 'node_modules\n*.log\n!keep.log\n',
    'main.go': 'four',
    'a.log': '',
    'keep.log': '12',
    'node_modules/a/b.js': '',
    'node_modules/c.js': '',
  });
  const found = contextFiles(dir);
  assert.deepEqual(
    found.files.map(({ path }) => path),
    ['.dockerignore', 'keep.log', 'main.go'],
  );
  assert.equal(found.bytes, 29 + 2 + 4);
  assert.deepEqual(
    found.hidden.map(({ path, pattern }) => [path, pattern?.range?.start.line]),
    [
      ['a.log', 2],
      ['node_modules', 1],
    ],
  );
  assert.equal(found.isCut, false);
});

test('stops at the limit and says so', (t) => {
  const dir = directory(t, Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`d${index}/f`, ''])));
  const found = contextFiles(dir, { limit: 5 });
  assert.equal(found.isCut, true);
  assert.equal(found.files.length <= 5, true);
});

test("the Dockerfile's own ignore file comes first", (t) => {
  const dir = directory(t, { '.dockerignore': 'a', 'Dockerfile.dockerignore': 'b', a: '', b: '' });
  const hidden = contextFiles(dir, { dockerfile: join(dir, 'Dockerfile') }).hidden;
  assert.deepEqual(
    hidden.map(({ path }) => path),
    ['b'],
  );
});

for (const [path, kind, line, at] of [
  ['main.go', 'sent', undefined, undefined],
  ['dist/a/b', 'hidden', 1, 'dist'],
  ['x.log', 'hidden', 2, 'x.log'],
  ['keep.log', 'sent', 3, undefined],
] as const) {
  test(`${path} is ${kind}`, () => {
    const verdict = judgePath(parseIgnoreFile('dist\n*.log\n!keep.log\n'), path);
    const pattern = verdict.kind === 'hidden' ? verdict.pattern : verdict.exception;
    assert.deepEqual([verdict.kind, pattern?.range?.start.line], [kind, line]);
    assert.equal(verdict.kind === 'hidden' ? verdict.at : undefined, at);
  });
}

test('without an ignore file everything is sent', () => {
  assert.deepEqual(judgePath(undefined, 'a'), { kind: 'sent', exception: undefined });
});
