import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildOptions } from './build-options.ts';
import { checkOptions } from './check-options.ts';

function options(more: Partial<BuildOptions>): BuildOptions {
  const signal = new AbortController().signal;
  return { storeRoot: '/nowhere', context: '.', cwd: '/', env: {}, signal, ...more };
}

for (const [title, more, code] of [
  ['a tag', { tags: ['ok', 'Upper'] }, 'REFERENCE_INVALID'],
  ['a name of an output', { exports: [{ type: 'oci', names: ['a:b:c'], push: false }] }, 'REFERENCE_INVALID'],
  ["a secret's file", { secrets: [{ id: 'x', path: 'nowhere/secret' }] }, 'SECRET_MISSING'],
] as const) {
  test(`${title} is looked at before the build`, () => {
    assert.throws(() => checkOptions(options(more as unknown as Partial<BuildOptions>)), { code });
  });
}

test('a variable of a secret and files that are there are no concern', () => {
  checkOptions(
    options({
      tags: ['a', 'b.example/c:1'],
      secrets: [
        { id: 'x', variable: 'X' },
        { id: 'y', path: '/proc/self/exe' },
      ],
    }),
  );
});
