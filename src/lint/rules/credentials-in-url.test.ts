import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { credentialsInUrl as rule } from './credentials-in-url.ts';

const FOUND = {
  'ENV DATABASE_URL=postgres://app:tr0ub4dor@db.internal:5432/app': [
    '2:33 An address of this ENV holds a password: *** (9 characters).',
  ],
  'ADD https://bot:Zx81kq@files.corp.net/a /a': ['2:17 An address of this ADD holds a password: *** (6 characters).'],
  'RUN git clone https://$USER:$TOKEN@git.corp.net/app': [],
  'ENV A=https://example.com': [],
  'ENV A=https://user:password@example.com/': [],
};

describe('credentials-in-url', () => {
  testFindings(rule, FOUND, { head: 'FROM scratch\n' });
});
