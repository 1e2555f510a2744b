import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { copyWildcardNeedsSlash as rule } from './copy-wildcard-needs-slash.ts';

const OPTIONS = { head: 'FROM scratch\n' };
const FOUND = {
  'COPY conf/* /etc/app': [
    '2:13 /etc/app becomes a file when conf/* matches one name, and a directory when it matches more.',
  ],
  'COPY *.conf /etc/app/': [],
  'COPY a/* .': [],
  'COPY a /b': [],
  'COPY a/* b/* /c': [],
  'COPY target/app-*.jar /app.jar': [],
  'COPY a/* $DIR': [],
  'COPY dist/app-* /app': [],
};
const FIXED = {
  'COPY conf/* /etc/app': 'COPY conf/* /etc/app/',
};

describe('copy-wildcard-needs-slash', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
