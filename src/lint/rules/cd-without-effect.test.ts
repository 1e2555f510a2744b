import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { cdWithoutEffect as rule } from './cd-without-effect.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'RUN cd /src': ['2:5 cd /src is forgotten at the end of the step.'],
  'RUN mkdir /src && cd /src': ['2:19 cd /src is forgotten at the end of the step.'],
  'RUN cd /src && make': [],
  'RUN cd /src && make && cd ..': [],
  'RUN cd $DIR': [],
  'RUN (cd /src)': [],
};
const FIXED = {
  'RUN cd /src': 'WORKDIR /src',
};

describe('cd-without-effect', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
