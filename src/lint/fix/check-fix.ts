import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Instruction } from '../../dockerfile/ast.ts';
import type { Fix } from '../finding.ts';
import type { LintSubject } from '../subject/lint-subject.ts';

/** How findings of one of BuildKit's checks are mended: a file in `check-fixes/`, its test beside it, a line in `check-fixes.ts`. */
export interface CheckFix {
  /** The check's name. */
  readonly check: string;
  /** `instruction` is the one that the finding stands in. undefined where it cannot be mended surely. */
  fix(found: CheckFinding): Fix | undefined;
}

export interface CheckFinding {
  readonly finding: Diagnostic;
  readonly instruction: Instruction;
  readonly subject: LintSubject;
}
