import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { consecutiveInstalls as rule } from './consecutive-installs.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'RUN apk add --no-cache a\nRUN apk add --no-cache b': ['3:1 The RUN above installs packages with apk too.'],
  'RUN apk add --no-cache a\nCOPY a b\nRUN apk add --no-cache b': [],
  'RUN apk add --no-cache a\nRUN make\nRUN apk add --no-cache b': [],
  'RUN apk add --no-cache a\nRUN apk add --no-cache b\nFROM scratch': [],
  'RUN apt-get install -y a\nRUN pip install b': [],
  'RUN apk add --no-cache a\nRUN apk add --no-cache b && make': [],
};
const FIXED = {
  'RUN apk add --no-cache a\n\nRUN apk add --no-cache b': 'RUN apk add --no-cache a \\\n    && apk add --no-cache b',
};

describe('consecutive-installs', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
