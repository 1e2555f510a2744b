import type { Rule } from '../rule.ts';
import { labelsOf } from '../subject/labels.ts';

/** Namespaces that Docker keeps for itself, but for the labels that it asks of extensions of Docker Desktop. */
const RESERVED = /^(?:com\.docker\.(?!(?:desktop\.)?extension\.)|io\.docker\.|org\.dockerproject\.)/;

/** Docker's own guidelines: tools filter by labels, and fail on other characters. */
export const labelKey: Rule = {
  name: 'label-key',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: "A label's key has characters or a namespace that it should not have",
  hadolint: ['DL3048'],

  *check(subject) {
    for (const { key, pair } of labelsOf(subject)) {
      if (key.includes('$')) continue;
      const fault = faultOf(key);
      if (fault === undefined) continue;
      yield {
        message: `The label key ${JSON.stringify(key)} ${fault}.`,
        range: pair.key.range,
        hint: 'Use lower-case letters, digits, dots, dashes and a namespace of your own: com.example.name.',
      };
    }
  },
};

function faultOf(key: string): string | undefined {
  if (RESERVED.test(key)) return 'is in a namespace that Docker keeps for itself';
  if (/[^A-Za-z0-9._/-]/.test(key)) return 'has characters that tools cannot filter by';
  if (/^[^A-Za-z0-9]|[^A-Za-z0-9]$/.test(key)) return 'does not begin and end with a letter or digit';
  return /\.\.|--/.test(key) ? 'has two separators in a row' : undefined;
}
