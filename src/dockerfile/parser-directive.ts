import { KnownError } from '../diagnostics/known-error.ts';
import type { ParserDirective } from './ast.ts';
import type { SourceLine } from './source-line.ts';
import { LineReader, lineRange } from './source-line.ts';
import { skipSpace } from './white-space.ts';

/** What the top of a file says about how to read the rest. */
export interface Preamble {
  /** Those in force, by line: escape as the parser sees it, syntax and check as BuildKit's front door sees them. */
  readonly directives: readonly ParserDirective[];
  readonly escape: '\\' | '`';
  /** How many lines at the top are directives and so no comments. */
  readonly lineCount: number;
}

const NAMES: ReadonlySet<string> = new Set(['syntax', 'escape', 'check']);

/** Reads the parser directives. Throws DOCKERFILE_SYNTAX for one given twice, DOCKERFILE_INVALID_VALUE for a bad escape. */
export function readPreamble(source: string, file: string): Preamble {
  const lines = new LineReader(source, file);
  const seen = new Map<string, ParserDirective>();
  let lineCount = 0;
  for (let line = lines.next(); line; line = lines.next()) {
    const directive = matchDirective(line.text.slice(skipSpace(line.text, 0, line.text.length)), '#', line, file);
    if (!directive) break;
    if (seen.has(directive.name)) throw givenTwice(directive);
    seen.set(directive.name, directive);
    lineCount++;
  }
  const escapeDirective = seen.get('escape');
  const found = [escapeDirective, findDirective(source, 'syntax', file), findDirective(source, 'check', file)];
  const directives = found.filter((directive) => directive !== undefined).sort(byLine);
  return { directives, escape: escapeDirective ? escapeOf(escapeDirective) : '\\', lineCount };
}

/**
 * A `#` directive as BuildKit's front door finds it: it passes over a `#!` line, which the parser takes for a comment
 * that ends the directives, and wants the `#` in the first column, where the parser allows white space before it.
 */
export function findDirective(source: string, name: string, file: string, mark = '#'): ParserDirective | undefined {
  const lines = new LineReader(source, file);
  const seen = new Set<string>();
  for (let line = lines.next(); line; line = lines.next()) {
    if (line.number === 1 && line.text.startsWith('#!')) continue;
    const directive = matchDirective(line.text, mark, line, file);
    if (!directive || seen.has(directive.name)) return undefined;
    if (directive.name === name) return directive;
    seen.add(directive.name);
  }
  return undefined;
}

/** Whether a comment's text would be a directive at the top of a file. */
export function matchesDirective(comment: string): boolean {
  return readDirective(comment) !== undefined;
}

function matchDirective(text: string, mark: string, line: SourceLine, file: string): ParserDirective | undefined {
  if (!text.startsWith(mark)) return undefined;
  const directive = readDirective(text.slice(skipSpace(text, mark.length, text.length)));
  return directive && { ...directive, range: lineRange(line, file) };
}

function readDirective(body: string): Omit<ParserDirective, 'range'> | undefined {
  const match = /^([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=/.exec(body);
  const name = match?.[1]?.toLowerCase() ?? '';
  const rest = body.slice(match?.[0].length ?? 0);
  if (!match || !NAMES.has(name) || rest === '') return undefined;
  // A value of nothing but white space is its last character, as BuildKit's pattern has it.
  return { name, value: trimAscii(rest) || rest.slice(-1) };
}

function trimAscii(text: string): string {
  const isSpace = (at: number): boolean => '\t\n\f\r '.includes(text.charAt(at));
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(start)) start++;
  while (end > start && isSpace(end - 1)) end--;
  return text.slice(start, end);
}

function escapeOf({ value, range }: ParserDirective): '\\' | '`' {
  if (value === '\\' || value === '`') return value;
  throw new KnownError('DOCKERFILE_INVALID_VALUE', `The escape directive cannot be "${value}".`, {
    range,
    hint: 'It is either a backslash or a backtick.',
  });
}

function givenTwice({ name, range }: ParserDirective): KnownError {
  return new KnownError('DOCKERFILE_SYNTAX', `The parser directive "${name}" is given twice.`, { range });
}

function byLine(a: ParserDirective, b: ParserDirective): number {
  return a.range.start.line - b.range.start.line;
}
