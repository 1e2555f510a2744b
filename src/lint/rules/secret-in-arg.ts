import { findSecretInVariable } from '../../secret/find-secrets.ts';
import type { Rule } from '../rule.ts';
import { namedByBuildKit } from '../subject/secret-names.ts';

/** The default stands in the repository, and the history of the image has it where a RUN used it. */
export const secretInArg: Rule = {
  name: 'secret-in-arg',
  family: 'secret',
  severity: 'error',
  level: 'default',
  summary: 'The default of a build argument is the value of a secret',

  *check({ dockerfile }) {
    for (const instruction of dockerfile.instructions) {
      for (const { name, value } of instruction.kind === 'ARG' ? instruction.args : []) {
        const secret = value && findSecretInVariable(name.text, value.text.replace(/^(["'])(.*)\1$/, '$2'));
        if (
          !secret ||
          secret.kind === 'url-credentials' ||
          (secret.kind === 'named-value' && namedByBuildKit(name.text))
        )
          continue;
        yield {
          message: `ARG ${name.text} has a secret as its default (${secret.title}): ${secret.masked}.`,
          range: name.range,
          hint: 'Mount it: RUN --mount=type=secret,id=…; and replace the one that was written here.',
        };
      }
    }
  },
};
