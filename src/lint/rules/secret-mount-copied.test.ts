import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { secretMountCopied as rule } from './secret-mount-copied.ts';

const FOUND = {
  'RUN --mount=type=secret,id=a,target=/a cat /a > /b': ['2:40 cat writes the secret /a to /b, where it stays.'],
  'RUN --mount=type=secret,id=a cat /run/secrets/a': [],
  'RUN --mount=type=secret,id=a cp /run/secrets/a /b && make && rm /b': [],
  'RUN cp /run/secrets/a /b': [],
  'RUN --mount=type=secret,id=a --mount=type=tmpfs,target=/t cp /run/secrets/a /t/a': [],
};

describe('secret-mount-copied', () => {
  testFindings(rule, FOUND, { head: 'FROM alpine:3.22\n' });
});
