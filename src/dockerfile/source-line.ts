import { KnownError } from '../diagnostics/known-error.ts';
import type { SourceRange } from '../diagnostics/source-range.ts';

/** One line of the source. */
export interface SourceLine {
  /** Without its line ending: every carriage return and newline at the end is one. */
  readonly text: string;
  /** What was taken off; empty at the end of a file without a final newline. */
  readonly ending: string;
  /** One-based. */
  readonly number: number;
}

/** BuildKit reads lines through a buffer of this size, so a longer one is an error there and here. */
const MAX_LINE_BYTES = 65_535;

/** Hands out a source's lines one after the other. Throws DOCKERFILE_SYNTAX at a line of more than 65535 bytes. */
export class LineReader {
  readonly #source: string;
  readonly #file: string;
  #offset = 0;
  #number = 0;

  constructor(source: string, file: string) {
    this.#source = source;
    this.#file = file;
  }

  /** Number of the line handed out last; 0 before the first. */
  get number(): number {
    return this.#number;
  }

  next(): SourceLine | undefined {
    if (this.#offset >= this.#source.length) return undefined;
    const newline = this.#source.indexOf('\n', this.#offset);
    const end = newline < 0 ? this.#source.length : newline + 1;
    let textEnd = newline < 0 ? end : newline;
    while (textEnd > this.#offset && this.#source.charAt(textEnd - 1) === '\r') textEnd--;
    this.#number++;
    const text = this.#source.slice(this.#offset, textEnd);
    const line = { text, ending: this.#source.slice(textEnd, end), number: this.#number };
    this.#offset = end;
    if (isTooLong(line)) throw this.#tooLong(line);
    return line;
  }

  #tooLong(line: SourceLine): KnownError {
    return new KnownError('DOCKERFILE_SYNTAX', `Line ${line.number} is longer than ${MAX_LINE_BYTES} bytes.`, {
      range: lineRange(line, this.#file),
      hint: 'Break it with continuation lines, or move the text into a file that COPY brings in.',
    });
  }
}

function isTooLong({ text, ending }: SourceLine): boolean {
  const returns = ending.endsWith('\n') ? ending.length - 1 : ending.length;
  const units = text.length + returns;
  return units * 3 > MAX_LINE_BYTES && Buffer.byteLength(text) + returns > MAX_LINE_BYTES;
}

/** The whole of a line, without its ending. */
export function lineRange(line: SourceLine, file: string): SourceRange {
  return {
    file,
    start: { line: line.number, column: 1 },
    end: { line: line.number, column: line.text.length + 1 },
  };
}
