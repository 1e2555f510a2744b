import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { wgetProgress as rule } from './wget-progress.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'RUN wget https://example.com/a': ['2:5 wget writes a line of dots for every fifty kilobytes.'],
  'FROM alpine:3.22\nRUN wget https://example.com/a': ['3:5 wget draws its progress into the log.'],
  'RUN wget -q https://example.com/a': [],
  'RUN wget -nv https://example.com/a': [],
  'RUN wget -qO- https://example.com/a': [],
  'RUN wget --progress=dot:giga https://example.com/a': [],
  'RUN apt-get install -y wget': [],
};
const FIXED = {
  'RUN wget https://example.com/a': 'RUN wget --progress=dot:giga https://example.com/a',
  'FROM alpine:3.22\nRUN wget https://example.com/a': 'FROM alpine:3.22\nRUN wget -q https://example.com/a',
};

describe('wget-progress', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
