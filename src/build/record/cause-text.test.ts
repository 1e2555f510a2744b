import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Cause, FileChange } from './cause.ts';
import { causeText } from './cause-text.ts';

const changed = (path: string, sizeDeltaBytes = 0): FileChange => ({ path, kind: 'changed', sizeDeltaBytes });
const files = (...changes: FileChange[]): Cause => ({ kind: 'files', use: 'copy', changes, fileCount: 14 });
const base = (name: string, digit: string, platform = 'linux/amd64') => ({
  name,
  digest: `sha256:${digit.repeat(64)}`,
  platform,
});

const ROWS: readonly (readonly [string, Cause, string])[] = [
  ['COPY . .', files(changed('a/b.go', 31)), 'COPY . .: a/b.go changed (1 of 14 files, +31 bytes)'],
  ['COPY . .', files(changed('a', -2048)), 'COPY . .: a changed (1 of 14 files, −2.05 kB)'],
  ['COPY . .', files(changed('a'), changed('b')), 'COPY . .: a and b changed (2 of 14 files)'],
  ['COPY . .', files(changed('a'), changed('b'), changed('c')), 'COPY . .: a, b and c changed (3 of 14 files)'],
  [
    'COPY . .',
    files(changed('a'), changed('b'), changed('c'), changed('d')),
    'COPY . .: a and b changed and 2 more (4 of 14 files)',
  ],
  ['COPY . .', files(), 'COPY . .: other files'],
  [
    'FROM golang:1.26',
    { kind: 'base', before: base('golang:1.26', 'a'), after: base('golang:1.26', 'b') },
    'FROM golang:1.26: the tag moved, sha256:aaaaaaaaaaaa… → sha256:bbbbbbbbbbbb…',
  ],
  [
    'FROM x',
    { kind: 'base', before: base('x', 'a'), after: base('x', 'b', 'linux/arm64') },
    'FROM x: the platform changed, linux/amd64 → linux/arm64',
  ],
  [
    'RUN make',
    { kind: 'variable', declaredBy: 'ARG', name: 'VERSION', before: 'dev', after: 'v1.2' },
    'ARG VERSION: dev → v1.2',
  ],
  [
    'RUN make',
    { kind: 'variable', declaredBy: 'base', name: 'A', before: undefined, after: '1' },
    'ENV A: 1 is new (of the base image)',
  ],
  ['RUN make', { kind: 'instruction', before: 'RUN a', after: 'RUN make' }, 'RUN: the instruction changed'],
  ['RUN make', { kind: 'setting', name: 'USER', before: '', after: 'app' }, 'USER: (empty) → app'],
  [
    'COPY a b',
    { kind: 'setting', name: 'the destination', before: '/a', after: '/b' },
    'COPY a b: the destination changed, /a → /b',
  ],
  ['RUN make', { kind: 'pruned' }, 'RUN make: the record was pruned'],
  ['RUN make', { kind: 'no-cache' }, '--no-cache'],
  ['RUN make', { kind: 'never-built' }, 'never built before'],
  [
    'ADD https://a/b /',
    { kind: 'download', source: 'https://a/b' },
    'ADD https://a/b /: https://a/b has other content',
  ],
];

for (const [instruction, cause, text] of ROWS)
  test(`in words: ${text}`, () => assert.equal(causeText(cause, instruction), text));
