import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { ociLabelUnknown as rule } from './oci-label-unknown.ts';

const OPTIONS = { head: 'FROM scratch\n' };
const FOUND = {
  'LABEL org.opencontainers.image.license=MIT': [
    '2:7 The specification of images has no label org.opencontainers.image.license.',
  ],
  'LABEL org.opencontainers.image.ci-job=1': [
    '2:7 The specification of images has no label org.opencontainers.image.ci-job.',
  ],
  'LABEL org.opencontainers.image.licenses=MIT': [],
  'LABEL org.opencontainers.image.base.name=a': [],
  'LABEL a=b': [],
  'LABEL org.opencontainers.image.$A=b': [],
};
const FIXED = {
  'LABEL a=b \\\n  org.opencontainers.image.license=MIT': 'LABEL a=b \\\n  org.opencontainers.image.licenses=MIT',
};

describe('oci-label-unknown', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
