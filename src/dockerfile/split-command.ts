import type { LogicalLine, Span } from './logical-line.ts';
import { spanOf } from './logical-line.ts';
import { isAsciiSpace, isBlank, skipSpace, skipSpaceBack } from './white-space.ts';

/** An instruction taken apart as far as that is the same for every keyword. */
export interface Command {
  readonly keyword: Span;
  /** With their dashes; quotes and escapes taken off. */
  readonly flags: readonly Span[];
  /** What follows the flags, trimmed; empty when nothing does. */
  readonly args: Span;
}

/** Splits a part of a line into keyword, flags and arguments. A lone `--` ends the flags. */
export function splitCommand(line: LogicalLine, span: Omit<Span, 'text'>, escapeToken: string): Command {
  const start = skipSpace(line.text, span.start, span.end);
  const end = skipSpaceBack(line.text, start, span.end);
  let keywordEnd = start;
  while (keywordEnd < end && !isBlank(line.text.charAt(keywordEnd))) keywordEnd++;
  const flags: Span[] = [];
  let at = keywordEnd;
  for (;;) {
    while (at < end && isAsciiSpace(line.text.charAt(at))) at++;
    if (at >= end || !line.text.startsWith('--', at)) break;
    const flag = readFlag(line.text, at, { end, escapeToken });
    at = flag.end;
    if (flag.text === '--') break;
    if (flag.text !== '') flags.push(flag);
  }
  const argsStart = skipSpace(line.text, at, end);
  return { keyword: spanOf(line, start, keywordEnd), flags, args: spanOf(line, argsStart, end) };
}

function readFlag(text: string, start: number, options: { readonly end: number; readonly escapeToken: string }): Span {
  let value = '';
  let quote = '';
  let at = start;
  for (; at < options.end; at++) {
    const char = text.charAt(at);
    if (quote === '' && isAsciiSpace(char)) break;
    if (quote === '' && (char === "'" || char === '"')) quote = char;
    else if (char === quote) quote = '';
    else if (char !== options.escapeToken) value += char;
    // An escape with nothing behind it disappears.
    else if (at + 1 < options.end) value += text.charAt(++at);
  }
  return { text: value, start, end: at };
}
