import { familiarReference } from '../../image/reference.ts';
import type { Rule } from '../rule.ts';
import { namedImages } from '../subject/image-names.ts';

/** Only where the configuration asks for digests: they need a bot that keeps them new. */
export const imageWithoutDigest: Rule = {
  name: 'image-without-digest',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'An image is not held to a digest, which the policy asks for',

  *check(subject) {
    if (subject.policy.pin !== 'digest') return;
    for (const { reference, range } of namedImages(subject)) {
      if (reference.digest !== undefined) continue;
      yield {
        message: `${familiarReference(reference)} can change behind its tag.`,
        range,
        hint: `Write ${familiarReference(reference)}@sha256:<digest>; the tag stays for people to read.`,
      };
    }
  },
};
