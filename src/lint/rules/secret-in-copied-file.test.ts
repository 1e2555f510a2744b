import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { secretInCopiedFile as rule } from './secret-in-copied-file.ts';

// In two pieces, so that no scanner takes it for a leak.
const TOKEN = ['ghp', 'k3Xv9QmT2bLr7YpW5sZd8NcF1hJg6RaE4uVo'].join('_');
const FOUND = {
  'COPY . /': ['2:6 a.conf:1 holds a secret (GitHub token): ghp_*** (40 characters).'],
  'COPY a.conf /x': ['2:6 a.conf:1 holds a secret (GitHub token): ghp_*** (40 characters).'],
  'COPY testdata /x': [],
  'COPY --from=y a.conf /x': [],
};

describe('secret-in-copied-file', () => {
  testFindings(rule, FOUND, {
    head: 'FROM scratch\n',
    files: { 'a.conf': `x=${TOKEN}\n`, 'testdata/b.conf': `x=${TOKEN}\n` },
  });
});
