import type { SourcePosition, SourceRange } from './source-range.ts';

/** A text with the way between offsets (UTF-16 code units from 0) and positions. Lines end with `\n`. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  readonly #lineStarts: readonly number[];

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.#lineStarts = lineStarts(text);
  }

  get lineCount(): number {
    return this.#lineStarts.length;
  }

  /** A position behind the end of its line or of the text is taken as that end. */
  offsetAt({ line, column }: SourcePosition): number {
    const start = this.#lineStarts[line - 1] ?? this.text.length;
    const end = this.#lineStarts[line] ?? this.text.length;
    return Math.min(start + column - 1, end);
  }

  positionAt(offset: number): SourcePosition {
    const at = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (this.#lineStarts[low] ?? 0) + 1 };
  }

  rangeOf(start: number, end: number): SourceRange {
    return { file: this.file, start: this.positionAt(start), end: this.positionAt(end) };
  }

  slice(range: SourceRange): string {
    return this.text.slice(this.offsetAt(range.start), this.offsetAt(range.end));
  }

  /** A line without its ending; empty when there is no such line. */
  line(number: number): string {
    const start = this.#lineStarts[number - 1];
    if (start === undefined) return '';
    return this.text.slice(start, this.#lineStarts[number] ?? this.text.length).replace(/\r*\n?$/, '');
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
