import type { Rule } from '../rule.ts';
import { expandKnown } from '../subject/stage-steps.ts';
import { stepsOf } from '../subject/steps.ts';

/** Without the directories of the base image not even a shell's commands are found. */
export const envPathReplaced: Rule = {
  name: 'env-path-replaced',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: "PATH is replaced, so that the base image's programs are no longer found",

  *check(subject) {
    for (const { step, stage } of stepsOf(subject, 'ENV')) {
      for (const { key, value } of step.instruction.pairs) {
        if (key.text !== 'PATH' || stage.rootBase.kind === 'scratch') continue;
        const path = expandKnown(value.text, step.variables);
        if (
          /\$\{?\w/.test(path) ||
          value.text.includes('PATH') ||
          /(?:^|[:"'])(?:\/usr)?\/bin\/?(?:$|[:"'])/.test(path) ||
          /[;%\\]/.test(path)
        )
          continue;
        yield {
          message: `PATH becomes ${JSON.stringify(path)} and loses the directories of the base image.`,
          range: value.range,
          hint: `Write PATH=${path}:$PATH.`,
        };
      }
    }
  },
};
