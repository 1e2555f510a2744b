import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { dockerignorePatternUnused as rule } from './dockerignore-pattern-unused.ts';

const FOUND = {
  'COPY . /': [
    '2:1 The pattern secert of .dockerignore (line 1) matches nothing; the context has secret.',
    '2:1 The pattern !mains of .dockerignore (line 4) matches nothing; the context has main.',
  ],
  'ENV A=1': [],
};

describe('dockerignore-pattern-unused', () => {
  testFindings(rule, FOUND, {
    head: 'FROM scratch\n',
    files: { '.dockerignore': 'secert/\n.git\nsrcs\n!mains\n', 'secret/a': 'x\n', main: 'x\n' },
  });
});
