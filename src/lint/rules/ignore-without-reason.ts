import { inlineIgnores } from '../ignore/inline-ignores.ts';
import type { Rule } from '../rule.ts';

/** Who comes next has to know whether the exception still holds. */
export const ignoreWithoutReason: Rule = {
  name: 'ignore-without-reason',
  family: 'practice',
  severity: 'info',
  level: 'strict',
  summary: 'A comment silences a rule and does not say why',
  hadolint: ['DL1001'],

  *check({ dockerfile }) {
    for (const { names, reason, range, dialect } of inlineIgnores(dockerfile)) {
      if (reason !== '' || dialect !== 'slipway') continue;
      yield {
        message: `${names.join(', ')} ${names.length > 1 ? 'are' : 'is'} silenced without a reason.`,
        range,
        hint: `Write it behind the name: # slipway ignore=${names.join(',')} reason.`,
      };
    }
  },
};
