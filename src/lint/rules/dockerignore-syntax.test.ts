import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { dockerignoreSyntax as rule } from './dockerignore-syntax.ts';

const FOUND = {
  'COPY a /': [
    '2:1 .dockerignore cannot be read (line 2): The pattern "[" cannot be read: a bracket or a backslash is not complete.',
  ],
  'ENV A=1': [
    '1:1 .dockerignore cannot be read (line 2): The pattern "[" cannot be read: a bracket or a backslash is not complete.',
  ],
};

describe('dockerignore-syntax', () => {
  testFindings(rule, FOUND, { head: 'FROM scratch\n', files: { '.dockerignore': 'a\n[\n' } });
});
