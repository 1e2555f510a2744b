import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { execFormQuotes as rule } from './exec-form-quotes.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  "ENTRYPOINT ['a']": ["2:12 ['a'] is no JSON: a shell is asked to run it."],
  'CMD ["a", "b",]': ['2:5 ["a", "b",] is no JSON: a shell is asked to run it.'],
  'CMD ["a", b]': ['2:5 ["a", b] is no JSON: a shell is asked to run it.'],
  'RUN ["a" , \'b\']': ['2:5 ["a" , \'b\'] is no JSON: a shell is asked to run it.'],
  'CMD ["a", "b"]': [],
  'RUN [ -f x ] && a': [],
  "RUN [ 'a' = 'b' ]": [],
  'RUN [ "$A" ]x': [],
  "CMD echo ['a']": [],
};
const FIXED = {
  "ENTRYPOINT ['a', 'b c']": 'ENTRYPOINT ["a", "b c"]',
  'CMD ["a", "b",]': 'CMD ["a", "b"]',
};

describe('exec-form-quotes', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
