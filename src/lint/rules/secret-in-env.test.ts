import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { secretInEnv as rule } from './secret-in-env.ts';

// In two pieces, so that no scanner takes it for a leak.
const TOKEN = ['ghp', 'k3Xv9QmT2bLr7YpW5sZd8NcF1hJg6RaE4uVo'].join('_');
const FOUND = {
  [`ENV X=${TOKEN}`]: ['2:5 ENV X holds a secret (GitHub token): ghp_*** (40 characters).'],
  'ENV DB_PASS=hunter2': ['2:5 ENV DB_PASS holds a secret (value of DB_PASS): *** (7 characters).'],
  'ENV DB_PASSWORD=hunter2': [],
  'ENV A=b': [],
  'ENV DB_PASSWORD_FILE=/run/secrets/x': [],
  'ENV TOKEN=$TOKEN': [],
  'ENV DB_PASS=changeme': [],
};

describe('secret-in-env', () => {
  testFindings(rule, FOUND, { head: 'FROM scratch\n' });
});
