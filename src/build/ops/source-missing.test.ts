import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openLocalTree } from '../../context/local-tree.ts';
import { parseIgnoreFile } from '../../context/pattern/ignore-file.ts';
import { sourceMissing } from './source-missing.ts';

const root = mkdtempSync(join(tmpdir(), 'slipway-missing-'));
after(() => rmSync(root, { recursive: true }));
for (const file of ['go.mod', 'notes.txt']) writeFileSync(join(root, file), '');

for (const [ignored, source, hint] of [
  ['', 'go.mdo', /^Did you mean "go\.mod"\?$/],
  [
    '*\n!go.mod\n',
    'go.mdo',
    /^Did you mean "go\.mod"\? If it is spelt right, it is hidden by .*1 \(\*\); add an exception/,
  ],
  ['*\n!go.mod\n', 'notes.txt', /^It is hidden by .*1 \(\*\); add an exception/],
] as const) {
  test(`what is said of ${source} with ${JSON.stringify(ignored)}`, () => {
    const ignore = parseIgnoreFile(ignored);
    const tree = openLocalTree(root, { name: 'the build context', ignore });
    assert.match(sourceMissing(Object.assign(tree, { ignore }), source).hint ?? '', hint);
  });
}
