import type { Rule } from '../rule.ts';
import { stepsOf } from '../subject/steps.ts';

/** Strict: some images are made to be built on. */
export const onbuildTrigger: Rule = {
  name: 'onbuild-trigger',
  family: 'practice',
  severity: 'info',
  level: 'strict',
  summary: 'The image carries instructions that run in the builds of others',

  *check(subject) {
    for (const { step, stage } of stepsOf(subject, 'ONBUILD')) {
      if (!stage.isShipped) continue;
      yield {
        message: `ONBUILD ${step.instruction.trigger.kind} runs in every build that begins from this image, where nobody sees it.`,
        range: step.instruction.range,
        hint: 'Write the instruction into the Dockerfiles that need it.',
      };
    }
  },
};
