import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { secretInDocument as rule } from './secret-in-document.ts';

// In two pieces, so that no scanner takes it for a leak.
const TOKEN = ['ghp', 'k3Xv9QmT2bLr7YpW5sZd8NcF1hJg6RaE4uVo'].join('_');
const FOUND = {
  [`COPY <<EOF /a\nx ${TOKEN}\nEOF`]: ['3:3 The document EOF holds a secret (GitHub token): ghp_*** (40 characters).'],
  'COPY <<EOF /a\nx\nEOF': [],
};

describe('secret-in-document', () => {
  testFindings(rule, FOUND, { head: 'FROM scratch\n' });
});
