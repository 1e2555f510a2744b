import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { consecutiveRuns as rule } from './consecutive-runs.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'RUN a\nRUN b': ['3:1 This RUN follows another one directly and makes a layer of its own.'],
  'RUN a; b\nRUN c': ['3:1 This RUN follows another one directly and makes a layer of its own.'],
  'RUN a\nCOPY b c\nRUN d': [],
  'RUN a\nRUN --mount=type=cache,target=/c b': [],
  'RUN a\nRUN b\nFROM scratch': [],
};
const FIXED = {
  'RUN a \\\n && b\nRUN c': 'RUN a \\\n && b \\\n    && c',
};

describe('consecutive-runs', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
