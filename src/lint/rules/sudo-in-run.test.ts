import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { sudoInRun as rule } from './sudo-in-run.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'RUN sudo make install': ['2:5 RUN calls sudo for make.'],
  'RUN a && sudo -u app b': ['2:10 RUN calls sudo for a command.'],
  'USER app\nRUN sudo make install': ['3:5 RUN calls sudo for make.'],
  'RUN apt-get install -y sudo': [],
  'RUN echo sudo': [],
  'RUN sudo': [],
};
const FIXED = {
  'RUN make && sudo make install': 'RUN make && make install',
};

describe('sudo-in-run', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
