import type { Rule } from '../rule.ts';
import { secretsIn } from '../subject/secret-places.ts';
import { stepsOf } from '../subject/steps.ts';

/** What COPY writes from the Dockerfile is in the repository and in a layer. */
export const secretInDocument: Rule = {
  name: 'secret-in-document',
  family: 'secret',
  severity: 'error',
  level: 'default',
  summary: 'A document that COPY writes holds the value of a secret',

  *check(subject) {
    for (const { step } of stepsOf(subject, 'COPY', 'ADD')) {
      for (const { range, name } of step.instruction.heredocs) {
        for (const { secret, range: place } of secretsIn(subject, range)) {
          yield {
            message: `The document ${name} holds a secret (${secret.title}): ${secret.masked}.`,
            range: place,
            hint: 'Give it to the container at run time; and replace the one that was written here.',
          };
        }
      }
    }
  },
};
