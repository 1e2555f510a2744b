import type { Rule } from '../rule.ts';
import { labelKeys } from '../subject/labels.ts';

/** Only where the configuration names labels. */
export const requiredLabel: Rule = {
  name: 'required-label',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'The image lacks a label that the policy asks for',
  hadolint: ['DL3049'],

  *check({ policy, target }) {
    const present = labelKeys(target);
    for (const key of policy.requiredLabels) {
      if (present.has(key)) continue;
      yield {
        message: `The image has no label ${key}.`,
        range: target.from.range,
        hint: `Add LABEL ${key}="…" to the last stage.`,
      };
    }
  },
};
