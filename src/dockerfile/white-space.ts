/** White space as Go's `unicode.IsSpace` has it; JavaScript's `\s` lacks U+0085 and counts U+FEFF. */
const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** Whether one character is white space of any kind. */
export function isSpace(char: string): boolean {
  return char > ' ' && char < '\u0085' ? false : SPACE.test(char);
}

/** Whether one character separates a keyword from its arguments and the words of an unquoted list: ASCII only. */
export function isBlank(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\r' || char === '\v' || char === '\f';
}

/** Like `isBlank`, with the newline: what BuildKit sees as white space where it goes through a text byte by byte. */
export function isAsciiSpace(char: string): boolean {
  return isBlank(char) || char === '\n';
}

/** Index of the first character at or after `from` that is no white space, at most `to`. */
export function skipSpace(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isSpace(text.charAt(at))) at++;
  return at;
}

/** Index after the last character before `to` that is no white space, at least `from`. */
export function skipSpaceBack(text: string, from: number, to: number): number {
  let at = to;
  while (at > from && isSpace(text.charAt(at - 1))) at--;
  return at;
}

export function trimSpace(text: string): string {
  const start = skipSpace(text, 0, text.length);
  return text.slice(start, skipSpaceBack(text, start, text.length));
}
