import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { passwordInRun as rule } from './password-in-run.ts';

const FOUND = {
  'RUN useradd -p abc123 app': ['2:5 useradd gives a user a password that stands in the Dockerfile.'],
  'RUN echo abc | passwd --stdin app': ['2:5 passwd gives a user a password that stands in the Dockerfile.'],
  'RUN echo "app:$PASSWORD" | chpasswd': [],
  'RUN useradd -p "*" app': [],
  'RUN useradd app': [],
  'RUN chpasswd < /run/secrets/x': [],
};

describe('password-in-run', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
