import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Dockerfile, Instruction } from '../../dockerfile/ast.ts';
import { RULES } from '../rules.ts';
import type { InlineIgnore } from './inline-ignores.ts';

/** The findings that no comment silences. Errors that end a build cannot be silenced. */
export function silence<F extends Diagnostic>(
  findings: readonly F[],
  ignores: readonly InlineIgnore[],
  { instructions }: Dockerfile,
): readonly F[] {
  if (ignores.length === 0) return findings;
  return findings.filter((finding) => {
    const names = namesOf(finding.code);
    const place = instructionAt(finding, instructions);
    return !ignores.some(
      ({ names: ignored, instruction }) =>
        (instruction === undefined || instruction === place) && ignored.some((name) => names.has(name.toLowerCase())),
    );
  });
}

/** A rule's own name and the codes that hadolint has for it. */
function namesOf(code: string): ReadonlySet<string> {
  const rule = RULES.find(({ name }) => name === code);
  return new Set([code, ...(rule?.hadolint ?? [])].map((name) => name.toLowerCase()));
}

function instructionAt({ range }: Diagnostic, instructions: readonly Instruction[]): Instruction | undefined {
  const { line } = range.start;
  return instructions.find(({ range: { start, end } }) => start.line <= line && line <= end.line);
}
