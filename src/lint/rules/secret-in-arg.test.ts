import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { secretInArg as rule } from './secret-in-arg.ts';

// In two pieces, so that no scanner takes it for a leak.
const TOKEN = ['ghp', 'k3Xv9QmT2bLr7YpW5sZd8NcF1hJg6RaE4uVo'].join('_');
const FOUND = {
  [`ARG X=${TOKEN}`]: ['2:5 ARG X has a secret as its default (GitHub token): ghp_*** (40 characters).'],
  'ARG TOKEN=x': [],
  'ARG A': [],
  'ARG VERSION=1.2.3': [],
};

describe('secret-in-arg', () => {
  testFindings(rule, FOUND, { head: 'FROM scratch\n' });
});
