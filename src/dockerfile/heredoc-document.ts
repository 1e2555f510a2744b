import { KnownError } from '../diagnostics/known-error.ts';
import type { SourceRange } from '../diagnostics/source-range.ts';
import type { Heredoc } from './ast.ts';
import type { HeredocWord } from './heredoc.ts';
import { chompTabs, findHeredocWord, heredocsOf } from './heredoc.ts';
import { readJsonArray } from './json-array.ts';
import type { LogicalLine } from './logical-line.ts';
import { rangeOf } from './logical-line.ts';
import type { LineReader } from './source-line.ts';
import type { Command } from './split-command.ts';
import { splitCommand } from './split-command.ts';
import { isSpace, skipSpace } from './white-space.ts';

/** An instruction whose documents may follow. */
export interface OpenHeredocs {
  readonly line: LogicalLine;
  readonly command: Command;
  readonly escapeToken: string;
}

/**
 * Reads the documents that an instruction's line opens, in order, and leaves the reader behind the last one's end. Throws
 * DOCKERFILE_SYNTAX for a document without an end.
 */
export function readHeredocs(lines: LineReader, open: OpenHeredocs): readonly Heredoc[] {
  if (!open.line.text.includes('<<') || !takesHeredocs(open.line, open.command, open.escapeToken)) return [];
  try {
    return heredocsOf(open.line.text).map((word) => readHeredoc(word, lines, open));
  } catch (error) {
    if (error instanceof KnownError) error.at(rangeOf(open.line, { start: 0, end: open.line.text.length }));
    throw error;
  }
}

/** RUN, COPY and ADD, also as triggers, unless their arguments are in JSON form. */
function takesHeredocs(line: LogicalLine, { keyword, args }: Command, escapeToken: string): boolean {
  const name = keyword.text.toUpperCase();
  if (name === 'ONBUILD') {
    const trigger = splitCommand(line, args, escapeToken);
    return trigger.keyword.text.toUpperCase() !== 'ONBUILD' && takesHeredocs(line, trigger, escapeToken);
  }
  return (name === 'RUN' || name === 'COPY' || name === 'ADD') && readJsonArray(line, args) === undefined;
}

function readHeredoc(word: HeredocWord, lines: LineReader, { line }: OpenHeredocs): Heredoc {
  const start = { line: lines.number + 1, column: 1 };
  const content: string[] = [];
  for (let next = lines.next(); next; next = lines.next()) {
    const text = word.chomp ? next.text.replace(/^\t+/, '') : next.text;
    if (text === word.name) {
      const end = { line: next.number, column: next.text.length + 1 };
      const raw = content.join('');
      const range = line.pinned ?? { file: line.file, start, end };
      return word.chomp ? { ...word, content: chompTabs(raw), raw, range } : { ...word, content: raw, range };
    }
    content.push(next.text, next.ending);
  }
  throw new KnownError('DOCKERFILE_SYNTAX', `The heredoc "${word.name}" has no end.`, {
    range: heredocRange(word, line) ?? rangeOf(line, { start: 0, end: line.text.length }),
    hint: `Close it with a line that holds nothing but ${word.name}.`,
  });
}

/** Where a heredoc's word stands on its line. */
function heredocRange(word: HeredocWord, line: LogicalLine): SourceRange | undefined {
  for (let at = line.text.indexOf('<<'); at >= 0; at = line.text.indexOf('<<', at + 2)) {
    let end = skipSpace(line.text, at + 2, line.text.length);
    while (end < line.text.length && !isSpace(line.text.charAt(end))) end++;
    if (findHeredocWord(line.text.slice(at, end))?.name === word.name) return rangeOf(line, { start: at, end });
  }
  return undefined;
}
