import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { secretArgInRun as rule } from './secret-arg-in-run.ts';

const OPTIONS = { head: 'FROM alpine:3.22\n' };
const FOUND = {
  'ARG DB_PASSWORD=x\nRUN a ${DB_PASSWORD} && b': [
    '3:7 RUN uses the build argument DB_PASSWORD: its value stays in the history of the image.',
  ],
  'ARG NPM_TOKEN\nRUN make': [],
  'ARG VERSION\nRUN a $VERSION': [],
  'RUN a $TOKEN': [],
  'ARG TOKEN_FILE\nRUN a $TOKEN_FILE': [],
  'ARG T_TOKEN\nRUN a $T_TOKENX': [],
};
const FIXED = {
  'ARG NPM_TOKEN\nRUN a $NPM_TOKEN': 'RUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN a $NPM_TOKEN',
};

describe('secret-arg-in-run', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
