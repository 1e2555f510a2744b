import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { dockerignoreNotRecursive as rule } from './dockerignore-not-recursive.ts';

const FOUND = {
  'COPY . /': [
    '2:1 The pattern *.log of .dockerignore (line 1) counts at the root only: a/b.log is sent (2 bytes).',
    '2:1 The pattern .env of .dockerignore (line 2) counts at the root only: c/.env is sent (2 bytes).',
  ],
  'COPY a /': [],
};

describe('dockerignore-not-recursive', () => {
  testFindings(rule, FOUND, {
    head: 'FROM scratch\n',
    files: { '.dockerignore': '*.log\n.env\nbin\n', 'a/b.log': 'x\n', 'c/.env': 'x\n', 'd/bin/x': 'x\n' },
  });
});
