import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { execFormNeedsShell as rule } from './exec-form-needs-shell.ts';

const FOUND = {
  'CMD ["a", "&&", "b"]': ['2:5 "&&" is handed on as it stands: the exec form has no shell.'],
  'ENTRYPOINT ["$HOME/bin/a"]': ['2:12 "$HOME/bin/a" is not expanded: the exec form has no shell.'],
  'HEALTHCHECK CMD ["curl", "-f", "a", "||", "exit 1"]': [
    '2:17 "||" is handed on as it stands: the exec form has no shell.',
  ],
  'CMD ["a", "--port=$PORT"]': ['2:5 "--port=$PORT" is not expanded: the exec form has no shell.'],
  'CMD ["sh", "-c", "a && $B"]': [],
  'CMD ["a", "b$c"]': [],
  'CMD a && b': [],
  'CMD ["tini", "--", "bash", "-c", "$X"]': [],
  'CMD ["grep", "x$"]': [],
  'CMD ["echo", "$"]': [],
};

describe('exec-form-needs-shell', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
