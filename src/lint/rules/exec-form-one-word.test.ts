import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { execFormOneWord as rule } from './exec-form-one-word.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'ENTRYPOINT ["python app.py"]': ['2:12 There is hardly a program named "python app.py".'],
  'RUN ["apt-get update"]': ['2:5 There is hardly a program named "apt-get update".'],
  'HEALTHCHECK CMD ["curl -f http://localhost/"]': [
    '2:17 There is hardly a program named "curl -f http://localhost/".',
  ],
  'CMD ["a", "b"]': [],
  'CMD ["a"]': [],
  'ENTRYPOINT ["/bin/sh", "-c"]\nCMD ["a b"]': [],
  'CMD ["sh", "-c", "a b"]': [],
  'CMD a b': [],
};
const FIXED = {
  'ENTRYPOINT ["python app.py"]': 'ENTRYPOINT ["python", "app.py"]',
};

describe('exec-form-one-word', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
