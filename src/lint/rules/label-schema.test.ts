import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { labelSchema as rule } from './label-schema.ts';

const OPTIONS = { head: 'FROM scratch\n' };
const FOUND = {
  'LABEL org.label-schema.schema-version=1.0': [
    '2:7 org.label-schema.schema-version belongs to a schema that is no longer kept.',
  ],
  'LABEL org.label-schema.build-date=$DATE': [
    '2:7 org.label-schema.build-date belongs to a schema that is no longer kept.',
  ],
  'LABEL a=b': [],
  'LABEL org.opencontainers.image.url=https://example.com': [],
};
const FIXED = {
  'LABEL org.label-schema.vcs-ref=abc \\\n  a=b': 'LABEL org.opencontainers.image.revision=abc \\\n  a=b',
};

describe('label-schema', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
