import { findSecretInVariable } from '../../secret/find-secrets.ts';
import type { Rule } from '../rule.ts';
import { namedByBuildKit } from '../subject/secret-names.ts';
import { stepsOf } from '../subject/steps.ts';

/** `docker inspect` shows it, and every process of the container inherits it. */
export const secretInEnv: Rule = {
  name: 'secret-in-env',
  family: 'secret',
  severity: 'error',
  level: 'default',
  summary: 'ENV holds the value of a secret, which the image then shows to everybody',

  *check(subject) {
    for (const { step } of stepsOf(subject, 'ENV')) {
      for (const { key, value } of step.instruction.pairs) {
        const secret = findSecretInVariable(key.text, value.text.replace(/^(["'])(.*)\1$/, '$2'));
        if (
          !secret ||
          secret.kind === 'url-credentials' ||
          (secret.kind === 'named-value' && namedByBuildKit(key.text))
        )
          continue;
        yield {
          message: `ENV ${key.text} holds a secret (${secret.title}): ${secret.masked}.`,
          range: key.range,
          hint: 'Give it to the container at run time, or to a build step by --mount=type=secret; and replace the one that was written here.',
        };
      }
    }
  },
};
