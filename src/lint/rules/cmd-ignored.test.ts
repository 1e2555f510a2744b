import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { cmdIgnored as rule } from './cmd-ignored.ts';

const FOUND = {
  'CMD a\nENTRYPOINT b': ['2:1 The shell that ENTRYPOINT starts never looks at what CMD says.'],
  'ENTRYPOINT ["a"]\nCMD ["b"]': [],
  'ENTRYPOINT a': [],
  'CMD a': [],
  'ENTRYPOINT exec a "$@"\nCMD ["b"]': [],
  'ENTRYPOINT a\nCMD []': [],
  'ENTRYPOINT a\nFROM debian:12\nCMD b': [],
};

describe('cmd-ignored', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
