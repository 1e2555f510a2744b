import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Fix } from '../finding.ts';
import type { LintSubject } from '../subject/lint-subject.ts';
import type { CheckFix } from './check-fix.ts';
import { consistentInstructionCasing } from './check-fixes/consistent-instruction-casing.ts';
import { exposeInvalidFormat } from './check-fixes/expose-invalid-format.ts';
import { exposeProtoCasing } from './check-fixes/expose-proto-casing.ts';
import { fromAsCasing } from './check-fixes/from-as-casing.ts';
import { jsonArgsRecommended } from './check-fixes/json-args-recommended.ts';
import { legacyKeyValueFormat } from './check-fixes/legacy-key-value-format.ts';
import { maintainerDeprecated } from './check-fixes/maintainer-deprecated.ts';
import { multipleInstructionsDisallowed } from './check-fixes/multiple-instructions-disallowed.ts';
import { noEmptyContinuation } from './check-fixes/no-empty-continuation.ts';
import { redundantTargetPlatform } from './check-fixes/redundant-target-platform.ts';
import { stageNameCasing } from './check-fixes/stage-name-casing.ts';
import { workdirRelativePath } from './check-fixes/workdir-relative-path.ts';

/** Fixes for BuildKit's checks, by name. */
export const CHECK_FIXES: readonly CheckFix[] = [
  consistentInstructionCasing,
  exposeInvalidFormat,
  exposeProtoCasing,
  fromAsCasing,
  jsonArgsRecommended,
  legacyKeyValueFormat,
  maintainerDeprecated,
  multipleInstructionsDisallowed,
  noEmptyContinuation,
  redundantTargetPlatform,
  stageNameCasing,
  workdirRelativePath,
];

const BY_CHECK = new Map(CHECK_FIXES.map((fix) => [fix.check, fix]));

/** The findings of BuildKit's checks, with a fix where there is one. */
export function withFixes(
  findings: readonly Diagnostic[],
  subject: LintSubject,
): readonly (Diagnostic & { readonly fix?: Fix | undefined })[] {
  return findings.map((finding) => {
    const { line } = finding.range.start;
    const instruction = subject.dockerfile.instructions.find(
      ({ range: { start, end } }) => start.line <= line && line <= end.line,
    );
    const fix = instruction && BY_CHECK.get(finding.code)?.fix({ finding, instruction, subject });
    return fix ? { ...finding, fix } : finding;
  });
}
