import type { SourceRange } from './source-range.ts';

export interface CodeFrameOptions {
  /** Lines shown before and after the range; 2 unless told. */
  readonly context?: number;
}

/**
 * The lines of a source around a range, numbered; the range's lines carry `>`, and a range within one line is
 * underlined. Plain text without colour and without a final newline.
 */
export function codeFrame(source: string, range: SourceRange, options: CodeFrameOptions = {}): string {
  const lines = source.split(/\r?\n/);
  const around = options.context ?? 2;
  const last = lastLine(range);
  const from = Math.max(1, range.start.line - around);
  const to = Math.min(lines.length, last + around);
  const width = String(to).length;
  const frame: string[] = [];
  for (let line = from; line <= to; line++) {
    const marked = line >= range.start.line && line <= last;
    const text = (lines[line - 1] ?? '').replaceAll('\t', ' ');
    frame.push(`${marked ? '>' : ' '} ${String(line).padStart(width)} | ${text}`.trimEnd());
    if (marked && underlines(range)) frame.push(underline(range, width));
  }
  return frame.join('\n');
}

/** An end at column 1 means the line before it was covered to its end. */
function lastLine(range: SourceRange): number {
  const { start, end } = range;
  return end.column === 1 && end.line > start.line ? end.line - 1 : end.line;
}

function underlines({ start, end }: SourceRange): boolean {
  return start.line === end.line && end.column > start.column;
}

function underline({ start, end }: SourceRange, width: number): string {
  return `  ${' '.repeat(width)} | ${' '.repeat(start.column - 1)}${'^'.repeat(end.column - start.column)}`;
}
