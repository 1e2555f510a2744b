import { isPlainList, joinRuns } from '../fix/join-runs.ts';
import { fixOf } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { stepsIn } from '../subject/steps.ts';

/** Strict: more layers also cache better. */
export const consecutiveRuns: Rule = {
  name: 'consecutive-runs',
  family: 'practice',
  severity: 'info',
  level: 'strict',
  summary: 'Several RUNs in a row make a layer each',
  hadolint: ['DL3059'],

  *check(subject) {
    for (const stage of subject.stages) {
      const runs = stage.isShipped ? stepsIn(stage, 'RUN') : [];
      for (const [index, step] of runs.entries()) {
        const above = runs[index - 1];
        if (!above || stage.steps.indexOf(above) + 1 !== stage.steps.indexOf(step)) continue;
        if (above.instruction.flags.length > 0 || step.instruction.flags.length > 0) continue;
        const isPlain = isPlainList(above) && isPlainList(step);
        yield {
          message: 'This RUN follows another one directly and makes a layer of its own.',
          range: step.instruction.keywordRange,
          hint: 'Join what belongs together with &&, or in a heredoc.',
          fix: isPlain ? fixOf('Join it with the RUN above', 'suggested', joinRuns(subject, above, step)) : undefined,
        };
      }
    }
  },
};
