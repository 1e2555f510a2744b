import type { Rule } from '../rule.ts';
import { labelsOf } from '../subject/labels.ts';

interface Form {
  readonly pattern: RegExp;
  /** What it should be, as in "is not …". */
  readonly name: string;
}

const ADDRESS: Form = { pattern: /^[a-z][a-z0-9+.-]*:\/\/[^\s/]+\S*$|^(?:git@|ssh:)\S+$/i, name: 'an address' };
/** image-spec annotations.md, "Pre-Defined Annotation Keys". */
const FORMS: Readonly<Record<string, Form>> = {
  url: ADDRESS,
  documentation: ADDRESS,
  source: ADDRESS,
  created: {
    pattern: /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/,
    name: 'a time by RFC 3339, such as 2026-01-31T12:00:00Z',
  },
  licenses: {
    pattern: /^\(*[A-Za-z0-9.-]+\+?\)*(?: (?:AND|OR|WITH) \(*[A-Za-z0-9.-]+\+?\)*)*$/,
    name: 'an SPDX expression, such as Apache-2.0 or MIT OR BSD-3-Clause',
  },
  'base.digest': { pattern: /^sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$/, name: 'a digest' },
  'ref.name': { pattern: /^[\w.:@/+-]+$/, name: 'a reference' },
};

/** Tools read these keys: a scanner the licenses, a registry's page the address of the source. */
export const ociLabelValue: Rule = {
  name: 'oci-label-value',
  family: 'practice',
  severity: 'info',
  level: 'default',
  summary: "A label of the OCI's has a value that its specification does not allow",
  hadolint: ['DL3052', 'DL3053', 'DL3054'],

  *check(subject) {
    for (const { key, value, pair } of labelsOf(subject)) {
      const name = /^org\.opencontainers\.image\.(.+)$/.exec(key)?.[1];
      const form = name !== undefined && Object.hasOwn(FORMS, name) ? FORMS[name] : undefined;
      // Placeholders of templates are filled in later.
      if (!form || value === '' || /[${}<>]|^@.*@$/.test(value) || form.pattern.test(value)) continue;
      yield { message: `${JSON.stringify(value)} of ${key} is not ${form.name}.`, range: pair.value.range };
    }
  },
};
