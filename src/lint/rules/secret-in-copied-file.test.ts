import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { secretInCopiedFile as rule } from './secret-in-copied-file.ts';

// In two pieces, so that no scanner takes it for a leak.
const TOKEN = ['ghp', 'k3Xv9QmT2bLr7YpW5sZd8NcF1hJg6RaE4uVo'].join('_');
const FOUND = {
  'AS x\nCOPY . /': ['2:6 a.conf:1 holds a secret (GitHub token): ghp_*** (40 characters).'],
  'AS x\nCOPY a.conf /x': ['2:6 a.conf:1 holds a secret (GitHub token): ghp_*** (40 characters).'],
  'AS x\nCOPY testdata /x': [],
  'AS x\nCOPY --from=y a.conf /x': [],
  'AS a\nCOPY . /src\nFROM scratch\nCOPY --from=a /src/app /app': [],
  'AS a\nCOPY . /src\nFROM scratch\nCOPY --from=a /src /app': [
    '2:6 a.conf:1 holds a secret (GitHub token): ghp_*** (40 characters).',
  ],
  'AS a\nCOPY a.conf /src/\nFROM scratch AS b\nCOPY --from=a /src /x\nFROM scratch\nCOPY --from=b /x/a.conf /': [
    '2:6 a.conf:1 holds a secret (GitHub token): ghp_*** (40 characters).',
  ],
};

describe('secret-in-copied-file', () => {
  testFindings(rule, FOUND, {
    head: 'FROM scratch ',
    files: { 'a.conf': `x=${TOKEN}\n`, 'testdata/b.conf': `x=${TOKEN}\n` },
  });
});
