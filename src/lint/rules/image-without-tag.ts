import { familiarName } from '../../image/reference.ts';
import type { Rule } from '../rule.ts';
import { baseTraits } from '../subject/base-traits.ts';
import { namedImages } from '../subject/image-names.ts';

/** Without a tag it is latest, which few who leave it out have decided. */
export const imageWithoutTag: Rule = {
  name: 'image-without-tag',
  family: 'practice',
  severity: 'warning',
  level: 'default',
  summary: 'An image is named without a tag, so that it is whatever is newest',
  hadolint: ['DL3006'],

  *check(subject) {
    for (const { name, reference, range, isLiteral } of namedImages(subject)) {
      if (reference.tag !== undefined || reference.digest !== undefined) continue;
      // What a variable holds may stand for whatever a build gives, unless it is an image that exists.
      if (!isLiteral && !baseTraits({ kind: 'image', name, reference, isVariable: true })) continue;
      yield {
        message: `${familiarName(reference)} has no tag: a build takes the image that is the newest that day.`,
        range,
        hint: `Name a version: ${familiarName(reference)}:<version>.`,
      };
    }
  },
};
