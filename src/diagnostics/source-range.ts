/** One-based line and column (UTF-16 code units). */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** A piece of a source text; `end` is exclusive. `file` is the name shown to people, not necessarily a path. */
export interface SourceRange {
  readonly file: string;
  readonly start: SourcePosition;
  readonly end: SourcePosition;
}
