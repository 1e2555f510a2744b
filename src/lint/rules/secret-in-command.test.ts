import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { secretInCommand as rule } from './secret-in-command.ts';

// In two pieces, so that no scanner takes it for a leak.
const TOKEN = ['ghp', 'k3Xv9QmT2bLr7YpW5sZd8NcF1hJg6RaE4uVo'].join('_');
const FOUND = {
  [`CMD ["a", "--token=${TOKEN}"]`]: ['2:20 CMD holds a secret (GitHub token): ghp_*** (40 characters).'],
  [`RUN <<EOF\nexport T=${TOKEN}\nEOF`]: ['3:10 RUN holds a secret (GitHub token): ghp_*** (40 characters).'],
  'RUN make TOKEN=$TOKEN': [],
  'RUN echo password=x': [],
  'RUN sha256sum 0f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08': [],
};

describe('secret-in-command', () => {
  testFindings(rule, FOUND, { head: 'FROM scratch\n' });
});
