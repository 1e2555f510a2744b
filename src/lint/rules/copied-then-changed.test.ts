import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { copiedThenChanged as rule } from './copied-then-changed.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'COPY a /a\nRUN chown -R 1:1 /a': ['3:5 chown stores /a a second time.'],
  'WORKDIR /x\nCOPY a ./\nRUN b && chmod +x a': [
    '4:10 chmod stores /x/a a second time, unless the mode is that already.',
  ],
  'COPY a b /c/\nRUN chmod 700 /c/a /c/b': [
    '3:5 chmod stores /c/a, /c/b a second time, unless the mode is that already.',
  ],
  'COPY a /a\nRUN chown -R root:root /a': [],
  'COPY --chown=1 a /a\nRUN chown 0 /a': ['3:5 chown stores /a a second time.'],
  'COPY a /a\nRUN chmod 755 /b': [],
  'COPY --chmod=755 a /a': [],
  'RUN chmod 755 /a\nCOPY a /a': [],
  'COPY a /a\nRUN chmod 755 /a\nFROM scratch': [],
  'COPY a /a/\nRUN chmod 755 /a/b': [],
  'COPY a $D\nRUN chmod 755 $D': [],
};
const FIXED = {
  'COPY a /a\nRUN chown -R app:app /a\nENV B=1': 'COPY --chown=app:app a /a\nENV B=1',
  'COPY a /x/\nRUN chmod +x /x/a': 'COPY --chmod=755 a /x/',
};

describe('copied-then-changed', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
