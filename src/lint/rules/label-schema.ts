import type { Rule } from '../rule.ts';
import { labelsOf } from '../subject/labels.ts';

/** Keys of label-schema.org, and what the OCI calls the same. */
const SUCCESSORS: Readonly<Record<string, string>> = {
  'build-date': 'created',
  name: 'title',
  description: 'description',
  usage: 'documentation',
  url: 'url',
  'vcs-url': 'source',
  'vcs-ref': 'revision',
  vendor: 'vendor',
  version: 'version',
  license: 'licenses',
};

/** The project ended in 2019 in favour of the OCI's keys. */
export const labelSchema: Rule = {
  name: 'label-schema',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: "A label follows label-schema.org, which gave way to the OCI's keys",

  *check(subject) {
    for (const { key, pair } of labelsOf(subject)) {
      const name = /^org\.label-schema\.(.+)$/.exec(key)?.[1];
      if (name === undefined) continue;
      const successor = Object.hasOwn(SUCCESSORS, name) ? `org.opencontainers.image.${SUCCESSORS[name]}` : undefined;
      const { start, end } = pair.key.range;
      const edit = { start: subject.text.offsetAt(start), end: subject.text.offsetAt(end), text: successor ?? '' };
      yield {
        message: `${key} belongs to a schema that is no longer kept.`,
        range: pair.key.range,
        hint: successor ? `Write ${successor}.` : 'Leave it out.',
        fix:
          successor && pair.key.text === key
            ? { title: `Write ${successor}`, safety: 'suggested', edits: [edit] }
            : undefined,
      };
    }
  },
};
