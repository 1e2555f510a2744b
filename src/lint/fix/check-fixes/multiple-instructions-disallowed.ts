import type { CheckFix } from '../check-fix.ts';
import { fixOf, removeInstruction } from '../run-edits.ts';

/** Only the last one counts. */
export const multipleInstructionsDisallowed: CheckFix = {
  check: 'MultipleInstructionsDisallowed',
  fix({ instruction, subject }) {
    return fixOf(`Remove the ${instruction.kind} without effect`, 'safe', removeInstruction(subject, instruction));
  },
};
