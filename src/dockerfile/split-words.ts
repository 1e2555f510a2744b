import type { LogicalLine, Span } from './logical-line.ts';
import { spanOf } from './logical-line.ts';
import { isBlank, isSpace } from './white-space.ts';

/** Splits at runs of blanks and knows no quotes: FROM, EXPOSE, COPY, ADD, VOLUME. */
export function splitBlanks(line: LogicalLine, args: Span): readonly Span[] {
  const words: Span[] = [];
  let at = args.start;
  while (at < args.end) {
    const start = at;
    while (at < args.end && !isBlank(line.text.charAt(at))) at++;
    words.push(spanOf(line, start, at));
    while (at < args.end && isBlank(line.text.charAt(at))) at++;
  }
  return words;
}

/**
 * Splits at white space outside of quotes, which stay in the words as escapes do: ENV, LABEL, ARG. Within single
 * quotes nothing is escaped; a quote that is never closed ends with the line.
 */
export function splitWords(line: LogicalLine, args: Span, escapeToken: string): readonly Span[] {
  const words: Span[] = [];
  let at = args.start;
  for (;;) {
    while (at < args.end && isSpace(line.text.charAt(at))) at++;
    if (at >= args.end) return words;
    const word = readWord(line, { start: at, end: args.end }, escapeToken);
    at = word.end;
    if (word.text !== '') words.push(word);
  }
}

function readWord(line: LogicalLine, within: Omit<Span, 'text'>, escapeToken: string): Span {
  let quote = '';
  let at = within.start;
  for (; at < within.end; at++) {
    const char = line.text.charAt(at);
    if (quote === '' && isSpace(char)) break;
    if (char === escapeToken && quote !== "'") {
      // An escape with nothing behind it is not part of the word.
      if (at + 1 === within.end) return { text: line.text.slice(within.start, at), start: within.start, end: at + 1 };
      at++;
    } else if (quote === '' && (char === "'" || char === '"')) quote = char;
    else if (char === quote) quote = '';
  }
  return spanOf(line, within.start, Math.min(at, within.end));
}
