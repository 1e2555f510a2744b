import type { SourceRange } from './source-range.ts';

export type Severity = 'error' | 'warning' | 'info';

/** A finding about a Dockerfile. A value, never thrown. */
export interface Diagnostic {
  /** Name of the rule or check that found it, such as `JSONArgsRecommended`. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence, with the offending value. */
  readonly message: string;
  readonly range: SourceRange;
  readonly hint?: string | undefined;
  /** Address of the page that explains the rule. */
  readonly docs?: string | undefined;
}
