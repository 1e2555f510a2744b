import { fixOf, hasPlaces } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { stepsOf } from '../subject/steps.ts';

/** The next step begins where WORKDIR says, whatever a shell did before. */
export const cdWithoutEffect: Rule = {
  name: 'cd-without-effect',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'A step ends with cd, which the next step knows nothing of',

  *check(subject) {
    for (const { step } of stepsOf(subject, 'RUN')) {
      const last = step.commands.at(-1);
      const [target] = last?.args ?? [];
      if (last?.name !== 'cd' || last.depth > 0 || last.before === '||' || !target?.isLiteral) continue;
      // Back to where it was, out of tidiness.
      if (/^(?:-|\.\.|\/|~)/.test(target.text) && step.commands.length > 1 && !/^\/\w/.test(target.text)) continue;
      const isAlone = step.commands.length === 1 && hasPlaces(step) && step.instruction.flags.length === 0;
      const { keywordRange, range } = step.instruction;
      const edit = {
        start: subject.text.offsetAt(keywordRange.start),
        end: subject.text.offsetAt(range.end),
        text: `WORKDIR ${target.text}`,
      };
      yield {
        message: `cd ${target.text} is forgotten at the end of the step.`,
        range: subject.text.rangeOf(last.start, last.end),
        hint: `Write WORKDIR ${target.text}.`,
        fix: isAlone && /^\/[\w./-]*$/.test(target.text) ? fixOf('Write WORKDIR', 'suggested', [edit]) : undefined,
      };
    }
  },
};
