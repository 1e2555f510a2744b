import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { uselessCommand as rule } from './useless-command.ts';

const FOUND = {
  'RUN vim /etc/hosts': ['2:5 vim is for a person at a terminal.'],
  'RUN a && top -b': ['2:10 top is for a person at a terminal.'],
  'RUN ssh me@example.com ls': ['2:5 ssh is for another machine, by keys that an image must not hold.'],
  'RUN mount -t tmpfs x /mnt': ['2:5 mount is for a running machine; what it mounts is gone behind the step.'],
  'RUN apt-get install -y vim ssh': [],
  'RUN vim --version': [],
  'RUN --mount=type=ssh ssh git@example.com': [],
  'RUN --security=insecure mount -t tmpfs x /mnt': [],
  'RUN ssh-keyscan example.com': [],
};

describe('useless-command', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
