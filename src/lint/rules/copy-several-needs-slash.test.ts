import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { copySeveralNeedsSlash as rule } from './copy-several-needs-slash.ts';

const OPTIONS = { head: 'FROM scratch\n' };
const FOUND = {
  'COPY a b /c': ['2:10 COPY has 2 sources, so that "/c" must be a directory and end with a slash.'],
  'ADD a b c': ['2:9 ADD has 2 sources, so that "c" must be a directory and end with a slash.'],
  'COPY ["a", "b", "/c"]': ['2:17 COPY has 2 sources, so that "/c" must be a directory and end with a slash.'],
  'COPY a b /c/': [],
  'COPY a b ./': [],
  'COPY a b .': [],
  'COPY a /c': [],
  'COPY a b $DIR': [],
  'COPY ["a", "b", "/c/"]': [],
};
const FIXED = {
  'COPY a b /c': 'COPY a b /c/',
  'COPY ["a", "b", "/c"]': 'COPY ["a", "b", "/c/"]',
};

describe('copy-several-needs-slash', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
