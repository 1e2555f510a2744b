import type { CheckFix } from '../check-fix.ts';
import { fixOf, replaceRange } from '../run-edits.ts';

export const consistentInstructionCasing: CheckFix = {
  check: 'ConsistentInstructionCasing',
  fix({ finding, instruction: { keyword, keywordRange }, subject }) {
    const isLower = finding.message.endsWith('(lowercase)');
    const text = isLower ? keyword.toLowerCase() : keyword.toUpperCase();
    return fixOf(`Write ${text}`, 'safe', replaceRange(subject, keywordRange, text));
  },
};
