import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { openLocalTree } from './local-tree.ts';
import { parseIgnoreFile } from './pattern/ignore-file.ts';
import { suggestPath } from './suggest-path.ts';

const root = mkdtempSync(join(tmpdir(), 'slipway-suggest-'));
after(() => rmSync(root, { recursive: true }));
for (const file of ['go.mod', 'go.sum', 'cmd/server/main.go', 'internal/config.yaml', 'secret/key']) {
  mkdirSync(join(root, dirname(file)), { recursive: true });
  writeFileSync(join(root, file), '');
}
const ignore = parseIgnoreFile('# private\nsecret\n');
const tree = openLocalTree(root, { name: 'the build context', ignore });

const ROWS: readonly (readonly [
  path: string,
  existing: string,
  nearest: string | undefined,
  line: number | undefined,
])[] = [
  ['go.sun', '', 'go.sum', undefined],
  ['/Go.mod', '', 'go.mod', undefined],
  ['cmd/srever/main.go', 'cmd', 'cmd/server/main.go', undefined],
  ['cmd/server/mian.go', 'cmd/server', 'cmd/server/main.go', undefined],
  ['config.yaml', '', 'internal/config.yaml', undefined],
  ['quite/something/else', '', undefined, undefined],
  ['secret/key', '', undefined, 2],
  ['go.mod/x', 'go.mod', undefined, undefined],
];

for (const [path, existing, nearest, line] of ROWS) {
  test(`${path} suggests ${nearest ?? 'nothing'}${line ? ` and names line ${line}` : ''}`, () => {
    const suggestion = suggestPath(tree, path, ignore);
    assert.deepEqual(
      [suggestion.existing, suggestion.nearest, suggestion.hiddenBy?.range?.start.line],
      [existing, nearest, line],
    );
  });
}
