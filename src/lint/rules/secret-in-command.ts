import type { Rule } from '../rule.ts';
import { isInUrl, secretsIn } from '../subject/secret-places.ts';
import { stepsOf } from '../subject/steps.ts';

/** The history of the image has every command as it was written. */
export const secretInCommand: Rule = {
  name: 'secret-in-command',
  family: 'secret',
  severity: 'error',
  level: 'default',
  summary: 'A command holds the value of a secret, and the history of the image keeps it',

  *check(subject) {
    for (const { step } of stepsOf(subject, 'RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK')) {
      const { kind, range } = step.instruction;
      for (const place of secretsIn(subject, range)) {
        if (isInUrl(place)) continue;
        yield {
          message: `${kind} holds a secret (${place.secret.title}): ${place.secret.masked}.`,
          range: place.range,
          hint:
            kind === 'RUN'
              ? 'Mount it: RUN --mount=type=secret,id=…; and replace the one that was written here.'
              : 'Read it from the environment or a file at run time; and replace the one that was written here.',
        };
      }
    }
  },
};
