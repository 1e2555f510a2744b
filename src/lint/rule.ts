import type { Severity } from '../diagnostics/diagnostic.ts';
import type { Finding } from './finding.ts';
import type { LintSubject } from './subject/lint-subject.ts';

/** What a rule looks at: it is how the documentation groups them. */
export type RuleFamily = 'practice' | 'go' | 'production' | 'context' | 'secret';

/** How much of a user's project a rule is about. */
export type RuleLevel = 'default' | 'strict';

/**
 * One piece of advice: a file of its name here, its test beside it, its page in `docs/rules/`, and a line in `rules.ts`.
 * Pure but for what the subject reads on demand; the order of findings does not matter.
 */
export interface Rule {
  /** Stable, in kebab-case: configuration, inline comments and the page's file name it. */
  readonly name: string;
  readonly family: RuleFamily;
  readonly severity: Severity;
  /** `strict`: a matter of policy or taste; only with `--strict` or where the configuration names it. */
  readonly level: RuleLevel;
  /** What is wrong where it fires, in one sentence without a full stop. */
  readonly summary: string;
  /** Codes of hadolint that mean the same, for its inline comments and the table in the documentation. */
  readonly hadolint?: readonly string[];
  check(subject: LintSubject): Iterable<Finding>;
}
