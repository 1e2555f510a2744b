import type { Rule } from '../rule.ts';
import { expandKnown } from '../subject/stage-steps.ts';
import { stepsOf } from '../subject/steps.ts';

/** A second service with accounts and keys of its own, where `docker exec` and logs do the same. */
export const exposeSsh: Rule = {
  name: 'expose-ssh',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'The image offers SSH beside what it is for',

  *check(subject) {
    for (const { step, stage } of stepsOf(subject, 'EXPOSE')) {
      if (!stage.isShipped) continue;
      for (const { text, range } of step.instruction.ports) {
        if (!/^22(?:\/tcp)?$/i.test(expandKnown(text, step.variables))) continue;
        yield {
          message: 'Port 22 is that of an SSH server.',
          range,
          hint: 'Run one service a container; look into it with exec and logs.',
        };
      }
    }
  },
};
