import type { Rule } from '../rule.ts';
import { labelsOf } from '../subject/labels.ts';

/** A label without a value says nothing, and hides what the base image says under that key. */
export const labelEmpty: Rule = {
  name: 'label-empty',
  family: 'practice',
  severity: 'info',
  level: 'strict',
  summary: 'A label has an empty value',
  hadolint: ['DL3051'],

  *check(subject) {
    for (const { key, value, pair } of labelsOf(subject)) {
      if (value.trim() !== '' || pair.value.text.includes('$')) continue;
      yield { message: `The label ${key} is empty.`, range: pair.key.range, hint: 'Give it a value, or leave it out.' };
    }
  },
};
