import type { Rule } from '../rule.ts';
import { isInUrl, secretsIn } from '../subject/secret-places.ts';

/** User and password stand in front of the host for everybody who sees the file, the history or the log. */
export const credentialsInUrl: Rule = {
  name: 'credentials-in-url',
  family: 'secret',
  severity: 'error',
  level: 'default',
  summary: 'An address holds a user and a password',

  *check(subject) {
    for (const { kind, range } of subject.dockerfile.instructions) {
      const isDocument = kind === 'COPY';
      for (const place of isDocument ? [] : secretsIn(subject, range)) {
        if (!isInUrl(place)) continue;
        yield {
          message: `An address of this ${kind} holds a password: ${place.secret.masked}.`,
          range: place.range,
          hint: 'Mount the login (RUN --mount=type=secret,id=netrc,target=/root/.netrc …), and replace the one that was written here.',
        };
      }
    }
  },
};
