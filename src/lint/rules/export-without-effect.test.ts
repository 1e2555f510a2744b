import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { exportWithoutEffect as rule } from './export-without-effect.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'RUN export A=1': ['2:5 export changes nothing but the shell of this step.'],
  'RUN A=1': ['2:5 The assignment changes nothing but the shell of this step.'],
  'RUN umask 027': ['2:5 umask changes nothing but the shell of this step.'],
  'RUN alias ll="ls -l" && ulimit -n 1024': ['2:5 alias changes nothing but the shell of this step.'],
  'RUN export A=1 && make': [],
  'RUN . /venv/bin/activate': [],
  'ENV A=1': [],
  'RUN export > /env': [],
};
const FIXED = {
  'RUN export A="b c"': 'ENV A="b c"',
};

describe('export-without-effect', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
