import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modulePath } from './module-path.ts';

const CASES: readonly (readonly [goMod: string, path: string | undefined])[] = [
  ['module example.com/hello\n\ngo 1.24\n', 'example.com/hello'],
  ['// a comment\n\nmodule\texample.com/v2 // Deprecated: use v3\n', 'example.com/v2'],
  ['module "example.com/quoted"\r\n', 'example.com/quoted'],
  ['module `raw`', 'raw'],
  ['go 1.24\nrequire example.com/module v1.0.0\n', undefined],
  ['// module example.com/commented\n', undefined],
  ['', undefined],
];

for (const [goMod, path] of CASES)
  test(`go.mod ${JSON.stringify(goMod.slice(0, 40))} names ${path ?? 'no module'}`, () => {
    assert.equal(modulePath(goMod), path);
  });
