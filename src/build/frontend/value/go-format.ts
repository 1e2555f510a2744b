/** How Go prints values (package fmt), which is how BuildKit writes some of an image's history. */

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['\\', '\\\\'],
]);

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** `%q` of a string. */
export function goQuote(text: string): string {
  return `"${[...text].map((character) => quoteCharacter(character, '"')).join('')}"`;
}

/** `%q` of a list of strings: `["a" "b"]`. */
export function goQuoteList(items: readonly string[]): string {
  return `[${items.map(goQuote).join(' ')}]`;
}

/** `%q` of an integer: the character with this code. */
export function goQuoteRune(code: number): string {
  const character = isCodePoint(code) ? String.fromCodePoint(code) : '\ufffd';
  return `'${quoteCharacter(character, "'")}'`;
}

/** `%v` of a list of strings: `[a b]`. */
export function goList(items: readonly string[]): string {
  return `[${items.join(' ')}]`;
}

function quoteCharacter(character: string, quote: string): string {
  if (character === quote) return `\\${quote}`;
  const escaped = ESCAPES.get(character);
  if (escaped !== undefined) return escaped;
  if (PRINTABLE.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${hex(code, 2)}`;
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
}

function isCodePoint(code: number): boolean {
  return code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0');
}
