import { KnownError } from '../../diagnostics/known-error.ts';
import { assertRuleName } from '../config/rule-name.ts';
import type { LintFinding } from '../lint.ts';
import type { InlineIgnore } from './inline-ignores.ts';

const CODE = 'ignore-unknown-rule';
/** Of hadolint: known by their spelling. */
const HADOLINT = /^DL\d{4}$/;

/** Comments of ours that name a rule which does not exist: whoever wrote them believes that something is silent. */
export function unknownIgnores(ignores: readonly InlineIgnore[]): readonly LintFinding[] {
  return ignores.flatMap(({ dialect, names, range }) =>
    names.flatMap((name) => {
      const problem = dialect === 'slipway' && !HADOLINT.test(name) ? problemOf(name) : undefined;
      return problem ? [{ code: CODE, severity: 'warning', message: problem.message, hint: problem.hint, range }] : [];
    }),
  );
}

function problemOf(name: string): KnownError | undefined {
  try {
    assertRuleName(name);
    return undefined;
  } catch (error) {
    if (error instanceof KnownError) return error;
    throw error;
  }
}
