import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import type { SourceRange } from '../../../diagnostics/source-range.ts';

/** A build check of BuildKit, by the name that `# check=skip=` knows. */
export interface Rule {
  readonly name: string;
  /** The page that explains it; undefined for the one rule that has none. */
  readonly page: string | undefined;
  /** Only with `# check=experimental=`. */
  readonly experimental?: boolean;
}

/** Where findings go. */
export interface FindingSink {
  report(finding: Diagnostic): void;
}

/** A finding of a rule, with BuildKit's message. */
export function finding(rule: Rule, message: string, range: SourceRange): Diagnostic {
  return {
    code: rule.name,
    severity: 'warning',
    message,
    range,
    ...(rule.page === undefined ? {} : { docs: `https://docs.docker.com/go/dockerfile/rule/${rule.page}/` }),
  };
}
