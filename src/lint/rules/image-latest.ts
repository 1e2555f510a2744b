import { familiarReference } from '../../image/reference.ts';
import type { Rule } from '../rule.ts';
import { namedImages } from '../subject/image-names.ts';

/** The tag moves at each release, over versions that are not compatible. */
export const imageLatest: Rule = {
  name: 'image-latest',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'An image is taken by the tag latest, which moves from version to version',
  hadolint: ['DL3007'],

  *check(subject) {
    for (const { reference, range } of namedImages(subject)) {
      if (reference.tag !== 'latest' || reference.digest !== undefined) continue;
      yield {
        message: `${familiarReference(reference)} is another image after each release.`,
        range,
        hint: 'Name a version, or hold it still with a digest.',
      };
    }
  },
};
