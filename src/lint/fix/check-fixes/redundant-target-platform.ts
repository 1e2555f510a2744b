import type { CheckFix } from '../check-fix.ts';
import { fixOf } from '../run-edits.ts';

export const redundantTargetPlatform: CheckFix = {
  check: 'RedundantTargetPlatform',
  fix({ instruction, subject: { text } }) {
    const flag = instruction.flags.find(({ name }) => name === 'platform');
    if (!flag || instruction.kind !== 'FROM') return undefined;
    const start = text.offsetAt(flag.range.start);
    const end = text.offsetAt(flag.range.end);
    const blanks = /^[ \t]*/.exec(text.text.slice(end))?.[0].length ?? 0;
    return fixOf('Remove --platform', 'safe', [{ start, end: end + blanks, text: '' }]);
  },
};
