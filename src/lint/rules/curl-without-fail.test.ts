import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { curlWithoutFail as rule } from './curl-without-fail.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'RUN curl -sSLO https://example.com/a': ['2:5 curl without --fail takes an error page of the server for the file.'],
  'RUN curl https://example.com/a | tar xz': [
    '2:5 curl without --fail takes an error page of the server for the file.',
  ],
  'RUN curl -fsSLO https://example.com/a': [],
  'RUN curl --fail https://example.com/a': [],
  'RUN curl http://localhost/a': [],
  'RUN curl $OPTIONS https://example.com/a': [],
  'RUN curl -I https://example.com/': [],
  'RUN wget https://example.com/a': [],
  'RUN curl --version': [],
};
const FIXED = {
  'RUN curl -sSLO \\\n    https://example.com/a': 'RUN curl --fail -sSLO \\\n    https://example.com/a',
};

describe('curl-without-fail', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
