import { fixOf, hasPlaces } from '../fix/run-edits.ts';
import type { Rule } from '../rule.ts';
import { stepsOf } from '../subject/steps.ts';

/** sudo hands signals and the environment on in its own way, and gives the image a way to become root. */
export const sudoInRun: Rule = {
  name: 'sudo-in-run',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'A step calls sudo, which an image needs for nothing',
  hadolint: ['DL3004'],

  *check(subject) {
    for (const { step } of stepsOf(subject, 'RUN')) {
      for (const { name, nameWord, args } of step.commands) {
        const [first] = args;
        if (name !== 'sudo' || !nameWord || !first) continue;
        // Only a bare call of a step that is root already does the same without it.
        const isBare = hasPlaces(step) && !first.text.startsWith('-') && !first.text.includes('=');
        const isRoot = step.user === undefined || /^(?:root|0)(?::|$)/.test(step.user);
        yield {
          message: `RUN calls sudo for ${first.text.startsWith('-') ? 'a command' : first.text}.`,
          range: subject.text.rangeOf(nameWord.start, nameWord.end),
          hint: isRoot
            ? 'Leave it out: the step is root unless USER says otherwise.'
            : 'Write USER root above, and the user behind it.',
          fix:
            isBare && isRoot
              ? fixOf('Remove sudo', 'suggested', [{ start: nameWord.start, end: first.start, text: '' }])
              : undefined,
        };
      }
    }
  },
};
