import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { failureIgnored as rule } from './failure-ignored.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'RUN cd /src; make': ['2:5 When cd fails, the step goes on with make.'],
  'RUN sudo make; make install': ['2:5 When make fails, the step goes on with make.'],
  'RUN set -ex; make; make install': [],
  'RUN make && make install': [],
  'RUN make || true; b': [],
  'RUN npm install; exit 0': [],
  'RUN make; true': [],
  'RUN make; exit 1': ['2:5 When make fails, the step goes on with exit.'],
  'RUN rm a; b': [],
  'RUN for a in b c; do make $a; done': [],
  'RUN if a; then make; fi': [],
  'SHELL ["/bin/bash", "-ec"]\nRUN make; b': [],
  'RUN make;': [],
  'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN powershell -Command wget a ; b': [],
  'FROM golang:1.26-nanoserver AS a\nFROM a\nRUN cd /src; make': [],
};
const FIXED = {
  'RUN cd /src; \\\n    make ; make install': 'RUN cd /src && \\\n    make && make install',
};

describe('failure-ignored', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
