import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { useraddLargeUid as rule } from './useradd-large-uid.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'RUN useradd -m -u 200000 a': ['2:19 useradd writes an entry for each id up to 200000 into /var/log/lastlog.'],
  'RUN useradd --uid=200000 a': ['2:13 useradd writes an entry for each id up to 200000 into /var/log/lastlog.'],
  'RUN useradd -u 1000 a': [],
  'RUN useradd -l -u 200000 a': [],
  'RUN useradd -u $ID a': [],
  'RUN adduser -u 200000 a': [],
};
const FIXED = {
  'RUN useradd -u 200000 a': 'RUN useradd --no-log-init -u 200000 a',
};

describe('useradd-large-uid', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
