import { findSecretInVariable } from '../../secret/find-secrets.ts';
import type { Rule } from '../rule.ts';
import { labelsOf } from '../subject/labels.ts';

/** Labels are made to be read by everybody. */
export const secretInLabel: Rule = {
  name: 'secret-in-label',
  family: 'secret',
  severity: 'error',
  level: 'default',
  summary: 'A label holds the value of a secret',

  *check(subject) {
    for (const { key, value, pair } of labelsOf(subject)) {
      const secret = findSecretInVariable(key, value);
      if (!secret || secret.kind === 'url-credentials') continue;
      yield {
        message: `The label ${key} holds a secret (${secret.title}): ${secret.masked}.`,
        range: pair.key.range,
        hint: 'Take it out, and replace the secret.',
      };
    }
  },
};
