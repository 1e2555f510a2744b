import { nearest } from '../../diagnostics/suggest.ts';
import type { Rule } from '../rule.ts';
import { labelsOf } from '../subject/labels.ts';

const PREFIX = 'org.opencontainers.image.';
const KNOWN = [
  ...['created', 'authors', 'url', 'documentation', 'source', 'version', 'revision', 'vendor', 'licenses', 'ref.name'],
  ...['title', 'description', 'base.digest', 'base.name'],
];

/** The namespace belongs to the specification: a key that it does not have is a slip, and no tool reads it. */
export const ociLabelUnknown: Rule = {
  name: 'oci-label-unknown',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: "A label in the OCI's namespace has a key that the specification does not know",

  *check(subject) {
    for (const { key, pair } of labelsOf(subject)) {
      const name = key.startsWith(PREFIX) ? key.slice(PREFIX.length) : undefined;
      if (name === undefined || KNOWN.includes(name) || name.includes('$')) continue;
      const meant = nearest(name, KNOWN);
      const { start, end } = pair.key.range;
      const isPlain = pair.key.text === key && start.line === end.line;
      yield {
        message: `The specification of images has no label ${key}.`,
        range: pair.key.range,
        hint: meant ? `Did you mean ${PREFIX}${meant}?` : 'Use a namespace of your own: com.example.name.',
        fix:
          meant && isPlain
            ? {
                title: `Write ${PREFIX}${meant}`,
                safety: 'suggested',
                edits: [
                  { start: subject.text.offsetAt(start), end: subject.text.offsetAt(end), text: `${PREFIX}${meant}` },
                ],
              }
            : undefined,
      };
    }
  },
};
