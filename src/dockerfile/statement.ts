import type { SourceRange } from '../diagnostics/source-range.ts';
import type { Heredoc } from './ast.ts';
import { readHeredocs } from './heredoc-document.ts';
import type { LogicalLine, Piece } from './logical-line.ts';
import type { SourceLine } from './source-line.ts';
import { LineReader } from './source-line.ts';
import type { Command } from './split-command.ts';
import { splitCommand } from './split-command.ts';
import { skipSpace, trimSpace } from './white-space.ts';

/** One instruction as lines: joined, split into keyword, flags and arguments, with the documents that follow it. */
export interface Statement {
  readonly line: LogicalLine;
  readonly command: Command;
  readonly escapeToken: '\\' | '`';
  readonly heredocs: readonly Heredoc[];
  readonly comment: readonly string[];
  readonly range: SourceRange;
  /** The last of its lines where it has empty lines among its continuations: NoEmptyContinuation. */
  readonly emptyContinuation: SourceRange | undefined;
}

export interface ReadOptions {
  readonly file: string;
  readonly escapeToken: '\\' | '`';
  /** Lines at the top that are parser directives. */
  readonly skipLines: number;
  /** Stands for every place; see LogicalLine. */
  readonly pinned?: SourceRange | undefined;
}

/**
 * Reads a file's instructions one after the other. Comments gather over empty lines and are given to the next
 * instruction; a lone `#` forgets them. Throws DOCKERFILE_SYNTAX for a heredoc without an end and an overlong line.
 */
export function* readStatements(source: string, options: ReadOptions): Generator<Statement> {
  const lines = new LineReader(source, options.file);
  for (let skip = 0; skip < options.skipLines; skip++) lines.next();
  let comment: string[] = [];
  for (let line = lines.next(); line; line = lines.next()) {
    if (isComment(line.text)) {
      // The mark is looked for behind white space and cut off in front of it: `  # x` leaves `# x`, as in BuildKit.
      const text = trimSpace(line.text.slice(1));
      if (text === '') comment = [];
      else comment.push(text);
    } else if (!isEmpty(line.text)) {
      yield readStatement(line, lines, { ...options, comment });
      comment = [];
    }
  }
}

function readStatement(
  first: SourceLine,
  lines: LineReader,
  options: ReadOptions & { readonly comment: readonly string[] },
): Statement {
  const joined = joinLines(first, lines, options);
  const { line, last } = joined;
  const command = splitCommand(line, { start: 0, end: line.text.length }, options.escapeToken);
  const start = { line: first.number, column: skipSpace(first.text, 0, first.text.length) + 1 };
  const heredocs = readHeredocs(lines, { line, command, escapeToken: options.escapeToken });
  const documentEnd = heredocs.at(-1)?.range.end;
  const end = documentEnd ?? { line: last.number, column: last.text.length + 1 };
  return {
    line,
    command,
    escapeToken: options.escapeToken,
    heredocs,
    comment: options.comment,
    range: options.pinned ?? { file: options.file, start, end },
    emptyContinuation: joined.hasEmptyLine ? lineOf(last, options) : undefined,
  };
}

interface JoinedLines {
  readonly line: LogicalLine;
  readonly last: SourceLine;
  readonly hasEmptyLine: boolean;
}

/** Joins an instruction's lines: only the first loses its indentation, and comments between them vanish. */
function joinLines(first: SourceLine, lines: LineReader, { file, escapeToken, pinned }: ReadOptions): JoinedLines {
  const indent = skipSpace(first.text, 0, first.text.length);
  const pieces: Piece[] = [{ offset: 0, line: first.number, column: indent + 1 }];
  const end = continuationAt(first.text, indent, escapeToken);
  const texts = [first.text.slice(indent, end)];
  let length = end === undefined ? first.text.length - indent : end - indent;
  let last = first;
  let hasEmptyLine = false;
  for (let open = end !== undefined; open; ) {
    const next = lines.next();
    if (!next) break;
    last = next;
    if (isComment(next.text)) continue;
    if (isEmpty(next.text)) {
      hasEmptyLine = true;
      continue;
    }
    const cut = continuationAt(next.text, 0, escapeToken);
    open = cut !== undefined;
    pieces.push({ offset: length, line: next.number, column: 1 });
    texts.push(next.text.slice(0, cut));
    length += cut ?? next.text.length;
  }
  return { line: { text: texts.join(''), pieces, file, pinned }, last, hasEmptyLine };
}

/** Where the escape stands that continues a line: the last thing before blanks, and not behind another one. */
export function continuationAt(text: string, from: number, escapeToken: string): number | undefined {
  let at = text.length - 1;
  while (at >= from && (text.charAt(at) === ' ' || text.charAt(at) === '\t')) at--;
  if (at < from || text.charAt(at) !== escapeToken) return undefined;
  return at > from && text.charAt(at - 1) === escapeToken ? undefined : at;
}

function isComment(text: string): boolean {
  return text.charAt(skipSpace(text, 0, text.length)) === '#';
}

function isEmpty(text: string): boolean {
  return skipSpace(text, 0, text.length) === text.length;
}

function lineOf(line: SourceLine, { file, pinned }: ReadOptions): SourceRange {
  const { number, text } = line;
  return pinned ?? { file, start: { line: number, column: 1 }, end: { line: number, column: text.length + 1 } };
}
