import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { goTokens } from './go-tokens.ts';

for (const [text, expected] of [
  ['a.B(x)', ['name a', 'operator .', 'name B', 'operator (', 'name x', 'operator )']],
  ['x := "a//b" // c', ['name x', 'operator :=', 'string a//b']],
  ['"a\\n\\x41\\u00e9\\101\\"\\\\"', ['string a\nAéA"\\']],
  ['`a\\n\r\n"b"`', ['string a\\n\n"b"']],
  [`'"' '\\'' y`, [`rune '"'`, `rune '\\''`, 'name y']],
  [
    '1_000 0x1F 1.5e+3 .5 a...',
    ['number 1_000', 'number 0x1F', 'number 1.5e+3', 'number .5', 'name a', 'operator ...'],
  ],
  ['/* a " b */ x /* never ends "', ['name x']],
  ['größe := "é"', ['name größe', 'operator :=', 'string é']],
  ['"open\nx', ['string open', 'name x']],
] as const) {
  test(`tokens of ${JSON.stringify(text)}`, () => {
    assert.deepEqual(
      goTokens(text).tokens.map(({ kind, text }) => `${kind} ${text}`),
      expected,
    );
  });
}

test('lines are counted through comments and raw strings', () => {
  const { tokens } = goTokens('a\n/*\n\n*/ b `\n\n` c\n// d\ne');
  assert.deepEqual(
    tokens.map(({ text, line }) => [text.trim(), line]),
    [
      ['a', 1],
      ['b', 4],
      ['', 4],
      ['c', 6],
      ['e', 8],
    ],
  );
});

test('comments that tools read are kept, others and those inside strings are not', () => {
  const { comments } = goTokens('//go:build linux\n// +build linux\n// words\nx := "//go:embed y"\n//go:embed a b\n');
  assert.deepEqual(comments, [
    { text: 'go:build linux', line: 1 },
    { text: ' +build linux', line: 2 },
    { text: 'go:embed a b', line: 5 },
  ]);
});

test('any text ends, and a long one does not overflow', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => goTokens(text).tokens.length <= text.length));
  for (const filler of ['(', '"\\a', '/*', "'", '`', 'x.', '*']) goTokens(filler.repeat(30_000));
  goTokens(`"${'\\a'.repeat(50_000)}"`);
  goTokens(`/*${'*'.repeat(100_000)}`);
});
