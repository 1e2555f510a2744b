import type { CheckFix } from '../check-fix.ts';
import { fixOf } from '../run-edits.ts';

export const fromAsCasing: CheckFix = {
  check: 'FromAsCasing',
  fix({ instruction, subject }) {
    if (instruction.kind !== 'FROM' || !instruction.stageName) return undefined;
    const start = subject.text.offsetAt(instruction.image.range.end);
    const between = subject.text.text.slice(start, subject.text.offsetAt(instruction.stageName.range.start));
    const as = /^(\s+)(as)\s+$/i.exec(between);
    if (!as?.[1] || !as[2]) return undefined;
    const text = instruction.keyword === instruction.keyword.toLowerCase() ? 'as' : 'AS';
    const at = start + as[1].length;
    return fixOf(`Write ${text}`, 'safe', [{ start: at, end: at + as[2].length, text }]);
  },
};
