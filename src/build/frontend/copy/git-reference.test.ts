import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseGitReference } from './git-reference.ts';

const NOTHING = { ref: '', subdir: '', checksum: '', keepGitDir: undefined, submodules: undefined };

describe('parseGitReference', () => {
  const cases: Readonly<Record<string, unknown>> = {
    'a/b.git': undefined,
    './git@x:y': undefined,
    'https://e.x/a.tar': undefined,
    'https://e.x.git': undefined,
    'ftp://e.x/a.git': undefined,
    'https://e.x/a.git': { ...NOTHING, remote: 'https://e.x/a.git' },
    'https://e.x/a.git#v1': { ...NOTHING, remote: 'https://e.x/a.git', ref: 'v1' },
    'https://e.x/a.git#a/b:c/d': { ...NOTHING, remote: 'https://e.x/a.git', ref: 'a/b', subdir: 'c/d' },
    'https://e.x/a.git#:c': { ...NOTHING, remote: 'https://e.x/a.git', subdir: 'c' },
    'git://e.x/a': { ...NOTHING, remote: 'git://e.x/a' },
    'ssh://git@e.x:22/a': { ...NOTHING, remote: 'ssh://git@e.x:22/a' },
    'git@e.x:a/b.git#v1:s': { ...NOTHING, remote: 'git@e.x:a/b.git', ref: 'v1', subdir: 's' },
    'https://e.x/a.git?tag=v1&subdir=s&keep-git-dir': {
      ...NOTHING,
      remote: 'https://e.x/a.git',
      ref: 'refs/tags/v1',
      subdir: 's',
      keepGitDir: true,
    },
    'https://e.x/a.git?branch=b&commit=abc&submodules=false': {
      ...NOTHING,
      remote: 'https://e.x/a.git',
      ref: 'refs/heads/b',
      checksum: 'abc',
      submodules: false,
    },
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(text, () => assert.deepEqual(parseGitReference(text), expected));
  }

  for (const query of ['ref=', 'ref=a&ref=b', 'nope=1', 'tag=a&branch=b', 'submodules=x', 'ref=a#b']) {
    it(`refuses ?${query}`, () => {
      assert.throws(() => parseGitReference(`https://e.x/a.git?${query}`), { code: 'DOCKERFILE_INVALID_VALUE' });
    });
  }
});
