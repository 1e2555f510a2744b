import type { CmdInstruction, EntrypointInstruction, HealthcheckInstruction } from '../../../dockerfile/ast.ts';
import type { StageState } from '../stage/stage-state.ts';
import type { FindingSink, Rule } from './rule.ts';
import { finding } from './rule.ts';

const RULE: Rule = { name: 'MultipleInstructionsDisallowed', page: 'multiple-instructions-disallowed' };

/** Reports the earlier instruction of the same kind, which has no effect, and remembers this one. */
export function checkUsedOnce(
  state: StageState,
  instruction: CmdInstruction | EntrypointInstruction | HealthcheckInstruction,
  sink: FindingSink,
): StageState {
  const earlier = state.lastOf[instruction.kind];
  if (earlier !== undefined) {
    const message = `Multiple ${instruction.keyword} instructions should not be used in the same stage because only the last one will be used`;
    sink.report(finding(RULE, message, earlier));
  }
  return { ...state, lastOf: { ...state.lastOf, [instruction.kind]: instruction.range } };
}
