import type { Severity } from '../diagnostics/diagnostic.ts';
import type { SourceRange } from '../diagnostics/source-range.ts';

/** Replaces the text from `start` to `end` (offsets in UTF-16 code units, `end` exclusive) of the Dockerfile. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A file beside the Dockerfile that a fix writes, whole. `path` is relative to the build context. */
export interface FileWrite {
  readonly path: string;
  readonly text: string;
}

export interface Fix {
  /** What it does, as an imperative: `Add --no-install-recommends`. */
  readonly title: string;
  /**
   * `safe`: the image can only lose what nothing needs, or stays as it is; `--fix` applies it. `suggested`: right in most
   * images, and somebody should look; `--fix=all` applies it.
   */
  readonly safety: 'safe' | 'suggested';
  /** Do not overlap one another. */
  readonly edits: readonly TextEdit[];
  readonly writes?: readonly FileWrite[];
}

/** What a rule has to say about one place. */
export interface Finding {
  /** One sentence, with the offending value. */
  readonly message: string;
  readonly range: SourceRange;
  /** What to do, in one sentence. */
  readonly hint?: string | undefined;
  readonly fix?: Fix | undefined;
  /** In place of the rule's own, where this case is worse or milder than most. */
  readonly severity?: Severity;
}
