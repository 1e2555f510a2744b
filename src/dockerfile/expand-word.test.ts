// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the language under test writes its variables so
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { KnownError } from '../diagnostics/known-error.ts';
import type { ExpandOptions } from './expand-word.ts';
import { expandWord, expandWords } from './expand-word.ts';

const VARIABLES = new Map([
  ['x', 'value'],
  ['empty', ''],
  ['spaced', ' a  b '],
  ['path', 'one/two/three.tar.gz'],
  ['lines', 'one\ntwo'],
  ['wild', 'a*b?c'],
  ['braces', '<$0|$$|$1>'],
]);

/** Text, expansion; an undefined expansion is an error. All rows are BuildKit's own answers. */
const ROWS: readonly (readonly [string, string | undefined, ExpandOptions?])[] = [
  ['plain', 'plain'],
  ['$x ${x} $', 'value value $'],
  ['$x$y.', 'value.'],
  ['${y}', ''],
  ['$$x $@ $1a', 'x  a'],
  ['\\$x \\${x} \\a', '$x ${x} a'],
  ['a\\', 'a'],
  ['"$x" \'$x\'', 'value $x'],
  ['"a\\"b\\$c\\\\d\\e"', 'a"b$c\\d\\e'],
  ["'a\\'", 'a\\'],
  ['`$x\\$', '$x\\$', { escape: '`' }],
  ['"open', undefined],
  ["'open", undefined],
  ['${x', undefined],
  ['${}', undefined],
  ['${:-a}', undefined],
  ['${{x}', undefined],
  ['${x y}', undefined],
  ['${x:=a}', undefined],
  ['${x:a}', undefined],
  ['${x:#a}', undefined],
  ['${y-a} ${y:-a} ${empty-a} ${empty:-a} ${x-a}', 'a a  a value'],
  ['${y+a} ${y:+a} ${empty+a} ${empty:+a} ${x+a}', '  a  a'],
  ['${x?e} ${x:?e} ${empty?e}', 'value value '],
  ['${y?}', undefined],
  ['${y:?why}', undefined],
  ['${empty:?}', undefined],
  ['${y:-${empty:-$x}}', 'value'],
  ['${y:-"}"}\\}', '}}'],
  ['${path#*/} ${path##*/}', 'two/three.tar.gz three.tar.gz'],
  ['${path%.*} ${path%%.*}', 'one/two/three.tar one/two/three'],
  ['${path#nothing} ${path#} ${path%?z}', 'one/two/three.tar.gz one/two/three.tar.gz one/two/three.tar.'],
  ['${wild#a\\*} ${wild%\\?c}', 'b?c a*b'],
  ['${wild#\\a}', undefined],
  ['${lines##*n}', 'e\ntwo'],
  ['${path/t/T} ${path//t/T}', 'one/Two/three.tar.gz one/Two/Three.Tar.gz'],
  ['${path/\\//-} ${path//\\//-}', 'one-two/three.tar.gz one-two-three.tar.gz'],
  ['${path//t*e/$x}', 'one/value.tar.gz'],
  ['${x//e/} ${x//?/.}', 'valu .....'],
  ['${x//e/$braces} ${x/e/$braces}', 'valu<e|$|> valu<$0|$$|$1>'],
  ['${x//} ', undefined],
  ['${x/a}', undefined],
  ['${x}', 'value', { keepUnset: true }],
  ['$y ${y} ${y:-a} ${y#a} ${y//a/b}', '$y ${y} ${y:-a} ${y#a} ${y/a/b}', { keepUnset: true }],
  ['"$x" \'y\' \\"', '"value" \'y\' "', { rawQuotes: true }],
  ['"$x" \\"', 'value \\"', { rawEscapes: true }],
  ['"$x\' \\a', '"value\' a', { ignoreQuotes: true }],
];

describe('expandWord', () => {
  for (const [text, expected, options] of ROWS) {
    test(`${text} ${expected === undefined ? 'is an error' : `becomes ${expected}`} ${JSON.stringify(options) ?? ''}`, () => {
      if (expected !== undefined) assert.equal(expandWord(text, VARIABLES, options).text, expected);
      else assert.throws(() => expandWord(text, VARIABLES, options), { code: 'DOCKERFILE_VARIABLE' });
    });
  }

  test('says which names had a value and which had none, words that are not taken included', () => {
    const { used, unset } = expandWord("$x ${y:-$empty} ${x:+$z} '$q' \\$r", VARIABLES);
    assert.deepEqual([...used], ['x', 'empty']);
    assert.deepEqual([...unset], ['y', 'z']);
  });

  test('takes the message of ${name:?message}', () => {
    assert.throws(() => expandWord('${y:?give $x}', VARIABLES), { message: 'y: give value' });
  });

  test('puts the place it was given on its errors', () => {
    const position = { line: 3, column: 1 };
    const range = { file: 'Dockerfile', start: position, end: position };
    assert.throws(
      () => expandWord('${', VARIABLES, { range }),
      (error) => error instanceof KnownError && error.range === range,
    );
  });

  test('refuses what would grow or nest without bound', () => {
    const long = new Map([['a', 'x'.repeat(60_000)]]);
    for (const text of ['"$a"'.repeat(1000), '${a//x/$a}', '${a:-'.repeat(5000), `\${a#${'*x'.repeat(30_000)}y}`]) {
      assert.throws(() => expandWord(text, long), { code: 'DOCKERFILE_VARIABLE' });
    }
  });

  test('throws nothing but KnownError for any text', () => {
    const atoms = [
      '$',
      '{',
      '}',
      'x',
      'path',
      ':',
      '-',
      '+',
      '?',
      '#',
      '%',
      '/',
      '*',
      '\\',
      '`',
      '"',
      "'",
      '<<',
      ' ',
      '😀',
      '\n',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...atoms)), fc.boolean(), (parts, rawEscapes) => {
        try {
          expandWord(parts.join(''), VARIABLES, { rawEscapes });
        } catch (error) {
          assert.ok(error instanceof KnownError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('expandWords', () => {
  const words: readonly (readonly [string, readonly string[]])[] = [
    ['', []],
    ['  a \t b\\ c ', ['a', 'b c']],
    ['a$spaced-', ['a', 'a', 'b', '-']],
    ['"$spaced" \'x y\'', [' a  b ', 'x y']],
    ['cat << EOF', ['cat', '<< EOF']],
    ['80${y:-81}', ['81']],
  ];
  for (const [text, expected] of words) {
    test(`${text} splits into ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(expandWords(text, VARIABLES), expected);
    });
  }
});
