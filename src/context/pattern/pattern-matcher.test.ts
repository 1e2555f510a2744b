import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KnownError } from '../../diagnostics/known-error.ts';
import { compileFileGlob } from './file-glob.ts';
import { parseIgnoreFile } from './ignore-file.ts';
import { PatternMatcher } from './pattern-matcher.ts';

// Answers of github.com/moby/patternmatcher, compiled with Go 1.26.
const VERDICTS: readonly (readonly [patterns: readonly string[], path: string, matched: boolean])[] = [
  [['dir', '!dir/x', 'di*'], 'dir/x', false],
  [['a*|b'], 'abc/d', true],
  [['a*|b'], 'xb', true],
  [['a{2}*'], 'aab', true],
  [['a{2}*'], 'a{2}b', false],
  [['*.{js,ts}'], 'a.js', false],
  [['*.{js,ts}'], 'x.{js,ts}', true],
  [['[*]x'], '*x', false],
  [['[*]x'], '[]x', true],
  [['x[^a]y'], 'x/y', true],
  [['a*\\'], 'ab$c', true],
  [['\\Q'], '$x', true],
  [['[[:alpha:]]*'], 'é', false],
  [['\\d*'], '7', true],
  [['\\pL*'], 'é', true],
  [['\\PL*'], 'é', false],
  [['**/*.go'], 'a\n/b.go', false],
];

for (const [patterns, path, matched] of VERDICTS) {
  test(`${JSON.stringify(patterns)} ${matched ? 'matches' : 'does not match'} ${JSON.stringify(path)}`, () => {
    assert.equal(new PatternMatcher(patterns).matches(path), matched);
  });
}

test('a malformed line is an error with its place', () => {
  const error = caught(() => parseIgnoreFile('a\n\n  b[\n', 'app.dockerignore'));
  assert.equal(error.code, 'DOCKERIGNORE_SYNTAX');
  assert.deepEqual(error.range, {
    file: 'app.dockerignore',
    start: { line: 3, column: 3 },
    end: { line: 3, column: 5 },
  });
  assert.equal(error.source, 'a\n\n  b[\n');
});

test('a file in UTF-16 is refused, as it would hide nothing', () => {
  const error = caught(() => parseIgnoreFile(Buffer.from('\ufeffsecret\n', 'utf16le').toString()));
  assert.deepEqual(
    [error.code, error.range?.start, error.source],
    ['DOCKERIGNORE_SYNTAX', { line: 1, column: 1 }, 'secret\n'],
  );
  assert.match(error.message, /UTF-16LE/);
});

test('a malformed pattern of a flag is an error of the Dockerfile', () => {
  assert.equal(caught(() => new PatternMatcher(['['])).code, 'DOCKERFILE_INVALID_VALUE');
});

test('explains which line hides a path', () => {
  const ignore = parseIgnoreFile('# generated\n*.md\n!README.md\ndocs\n*.md\n');
  assert.equal(ignore.explainPath('x.md')?.range?.start.line, 2);
  assert.equal(ignore.explainPath('README.md')?.range?.start.line, 5);
  assert.equal(ignore.explainPath('docs/a/b.txt')?.text, 'docs');
  assert.equal(ignore.explainPath('main.go'), undefined);
  assert.equal(ignore.explainPath(''), undefined);
});

test('explains which line shows a path again', () => {
  const ignore = parseIgnoreFile('docs\n!docs/a\n');
  assert.equal(ignore.explainException('docs/a/b.txt')?.range?.start.line, 2);
  assert.equal(ignore.explainException('docs/b'), undefined);
  assert.equal(ignore.explainException('main.go'), undefined);
});

const names = fc.stringMatching(/^[ab.]{1,3}$/).filter((name) => !/^\.+$/.test(name));
const paths = fc.array(names, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const pieces = fc.constantFrom('a', 'b', '.', '*', '?', '**', '[ab]', '[^a]');
const segments = fc.array(pieces, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
const patterns = fc
  .array(segments, { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'))
  .filter((pattern) => !/(^|\/)\.+(\/|$)/.test(pattern));

/** Tries every way, one character after the other. */
function reference(pattern: string, path: string): boolean {
  if (pattern === '') return path === '';
  if (pattern.startsWith('**')) {
    const rest = pattern.slice(pattern.startsWith('**/') ? 3 : 2);
    if (rest === '') return true;
    return reference(rest, path) || everyTail(path).some((tail) => reference(rest, tail));
  }
  if (pattern.startsWith('*')) {
    return reference(pattern.slice(1), path) || (/^[^/]/.test(path) && reference(pattern, path.slice(1)));
  }
  if (path === '') return false;
  const one = /^(\[.*?\]|.)/.exec(pattern)?.[0] ?? '';
  const fits = one === '?' ? path[0] !== '/' : one.startsWith('[') ? inClass(one, path) : one === path[0];
  return fits && reference(pattern.slice(one.length), path.slice(1));
}

function inClass(one: string, path: string): boolean {
  return one === '[ab]' ? /^[ab]/.test(path) : /^[^a]/.test(path);
}

function everyTail(path: string): readonly string[] {
  return [...path.matchAll(/\//g)].map(({ index }) => path.slice(index + 1));
}

/** patternmatcher takes a `**` in front of plain characters as "ends with", without a slash between. */
function referenceWhole(pattern: string, path: string): boolean {
  const plain = /^\*\*([^*?[]+)$/.exec(pattern)?.[1];
  if (plain !== undefined) return path.endsWith(plain) || `/${path}` === plain;
  return reference(pattern, path);
}

test('matches what a search through all possibilities matches, parents included', () => {
  fc.assert(
    fc.property(patterns, paths, (pattern, path) => {
      const parents = path.split('/').map((_, index, all) => all.slice(0, index + 1).join('/'));
      const expected = parents.some((parent) => referenceWhole(pattern, parent));
      assert.equal(new PatternMatcher([pattern]).matches(path), expected);
    }),
    { numRuns: 2000 },
  );
});

test('a walk with states agrees with a question out of nowhere', () => {
  const lists = fc.array(fc.tuple(fc.boolean(), patterns), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(lists, paths, (list, path) => {
      const matcher = new PatternMatcher(list.map(([exception, pattern]) => (exception ? `!${pattern}` : pattern)));
      const parts = path.split('/');
      let state: Parameters<typeof matcher.judge>[1];
      for (let end = 1; end < parts.length; end++) state = matcher.judge(parts.slice(0, end).join('/'), state).state;
      assert.equal(matcher.judgeFile(path, state), matcher.matches(path));
    }),
    { numRuns: 2000 },
  );
});

test('what may not match below a directory does not', () => {
  fc.assert(
    fc.property(patterns, paths, (pattern, path) => {
      const matcher = new PatternMatcher([pattern]);
      const directory = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      if (directory === '' || matcher.matches(directory)) return;
      if (matcher.matches(path)) assert.ok(matcher.mayMatchBelow(directory));
    }),
    { numRuns: 2000 },
  );
});

// Exponential work would not end.
test('time is linear whatever was written', () => {
  const path = `${'a'.repeat(5000)}/${'a'.repeat(5000)}`;
  for (const pattern of [`${'*a'.repeat(30)}b`, `${'**/'.repeat(30)}b`, `${'*a*?'.repeat(20)}[b]`]) {
    assert.equal(new PatternMatcher([pattern]).matches(path), false);
    assert.equal(compileFileGlob(pattern)?.matches(path), false);
  }
});

function caught(work: () => unknown): KnownError {
  try {
    work();
  } catch (error) {
    if (error instanceof KnownError) return error;
    throw error;
  }
  return assert.fail('nothing was thrown');
}
