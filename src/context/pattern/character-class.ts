import type { CharacterTest } from './glob-program.ts';

/** A test for one character by a RegExp of one class: no quantifier, so no backtracking. */
function testOf(expression: RegExp): CharacterTest {
  return (codePoint) => expression.test(String.fromCodePoint(codePoint));
}

const digit = testOf(/[0-9]/);
const space = testOf(/[\t\n\f\r ]/);
/** What `\b` takes for a part of a word. */
export const word = testOf(/[0-9A-Za-z_]/);

/** `\d` and its like, by letter. */
export const PERL_CLASSES: Readonly<Record<string, CharacterTest>> = {
  d: digit,
  D: (codePoint) => !digit(codePoint),
  s: space,
  S: (codePoint) => !space(codePoint),
  w: word,
  W: (codePoint) => !word(codePoint),
};

/** `[:alpha:]` and its like, by name. */
export const POSIX_CLASSES: Readonly<Record<string, CharacterTest>> = {
  alnum: testOf(/[0-9A-Za-z]/),
  alpha: testOf(/[A-Za-z]/),
  ascii: (codePoint) => codePoint <= 0x7f,
  blank: testOf(/[\t ]/),
  cntrl: testOf(/[\0-\x1f\x7f]/),
  digit,
  graph: testOf(/[!-~]/),
  lower: testOf(/[a-z]/),
  print: testOf(/[ -~]/),
  punct: testOf(/[!-/:-@[-`{-~]/),
  space: testOf(/[\t\n\v\f\r ]/),
  upper: testOf(/[A-Z]/),
  word,
  xdigit: testOf(/[0-9A-Fa-f]/),
};

/** One-letter general categories, as in `\pL`; undefined for a letter that names none. */
export function unicodeClass(category: string, negated: boolean): CharacterTest | undefined {
  if (!/^[LMNPSZC]$/.test(category)) return undefined;
  const expression = new RegExp(`\\p{${category}}`, 'u');
  return (codePoint) => expression.test(String.fromCodePoint(codePoint)) !== negated;
}
