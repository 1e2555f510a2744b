import type { SourcePosition, SourceRange } from '../diagnostics/source-range.ts';
import type { Word } from './ast.ts';

/** Where a part of a joined line came from: from `offset` on, the text is that of the source at `line`:`column`. */
export interface Piece {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** The text of an instruction in one line, its continuation lines joined, and the way back to the source. */
export interface LogicalLine {
  readonly text: string;
  /** In order; the first has offset 0. */
  readonly pieces: readonly Piece[];
  readonly file: string;
  /** Stands for every place in the line: the text is not part of a file that people can open. */
  readonly pinned?: SourceRange | undefined;
}

/** A part of a logical line. `text` may differ from the slice: quotes taken off, JSON decoded. */
export interface Span {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export function spanOf(line: LogicalLine, start: number, end: number): Span {
  return { text: line.text.slice(start, end), start, end };
}

export function rangeOf(line: LogicalLine, span: { readonly start: number; readonly end: number }): SourceRange {
  if (line.pinned) return line.pinned;
  const start = positionOf(line, span.start);
  if (span.end <= span.start) return { file: line.file, start, end: start };
  // The end is taken from the last character: the position after it may already lie on the next line.
  const last = positionOf(line, span.end - 1);
  return { file: line.file, start, end: { line: last.line, column: last.column + 1 } };
}

export function wordOf(line: LogicalLine, span: Span): Word {
  return { text: span.text, range: rangeOf(line, span) };
}

function positionOf(line: LogicalLine, offset: number): SourcePosition {
  let low = 0;
  let high = line.pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((line.pieces[middle]?.offset ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const piece = line.pieces[low] ?? { offset: 0, line: 1, column: 1 };
  return { line: piece.line, column: piece.column + offset - piece.offset };
}
