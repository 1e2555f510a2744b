import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { secretInLabel as rule } from './secret-in-label.ts';

// In two pieces, so that no scanner takes it for a leak.
const TOKEN = ['ghp', 'k3Xv9QmT2bLr7YpW5sZd8NcF1hJg6RaE4uVo'].join('_');
const FOUND = {
  [`LABEL a=b c="${TOKEN}"`]: ['2:11 The label c holds a secret (GitHub token): ghp_*** (40 characters).'],
  'LABEL a=b': [],
  'LABEL token=$TOKEN': [],
};

describe('secret-in-label', () => {
  testFindings(rule, FOUND, { head: 'FROM scratch\n' });
});
