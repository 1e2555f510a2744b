import { refuseUtf16 } from '../../diagnostics/refuse-utf16.ts';
import type { SourceRange } from '../../diagnostics/source-range.ts';
import { cleanPath, trimSpace } from './go-text.ts';
import { PatternMatcher, type PatternSource } from './pattern-matcher.ts';

/**
 * Reads the text of a .dockerignore: one pattern a line, `#` in the first column begins a comment, spaces around a
 * pattern and slashes in front of it mean nothing. Each pattern keeps its line; `file` is the name shown to people.
 * @throws KnownError DOCKERIGNORE_SYNTAX with the line.
 */
export function parseIgnoreFile(text: string, file = '.dockerignore'): PatternMatcher {
  // Read as UTF-8 it would hide nothing, and nobody would notice.
  refuseUtf16(text, { file, code: 'DOCKERIGNORE_SYNTAX' });
  const lines = text.replace(/^\ufeff/, '').split('\n');
  const patterns = lines.flatMap((line, index) => {
    const pattern = parseLine(line);
    return pattern === undefined ? [] : [{ text: pattern, range: rangeOf(line, index + 1, file) }];
  });
  return new PatternMatcher(patterns satisfies PatternSource[], { code: 'DOCKERIGNORE_SYNTAX', source: text });
}

function parseLine(line: string): string | undefined {
  if (line.startsWith('#')) return undefined;
  const trimmed = trimSpace(line);
  if (trimmed === '') return undefined;
  const isException = trimmed.startsWith('!');
  const written = isException ? trimSpace(trimmed.slice(1)) : trimmed;
  const cleaned = written === '' ? '' : cleanPath(written);
  const relative = cleaned.length > 1 && cleaned.startsWith('/') ? cleaned.slice(1) : cleaned;
  return isException ? `!${relative}` : relative;
}

function rangeOf(line: string, number: number, file: string): SourceRange {
  const start = line.search(/\S/) + 1;
  return { file, start: { line: number, column: start }, end: { line: number, column: line.trimEnd().length + 1 } };
}
