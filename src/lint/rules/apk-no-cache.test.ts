import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { apkNoCache as rule } from './apk-no-cache.ts';

const OPTIONS = { head: 'FROM alpine:3.22\n' };
const FOUND = {
  'RUN apk add curl': ['2:9 apk add without --no-cache leaves an index that nothing reads again.'],
  'RUN apk update && apk add curl git': ['2:23 apk add without --no-cache leaves an index that nothing reads again.'],
  'RUN apk -q add curl': ['2:12 apk add without --no-cache leaves an index that nothing reads again.'],
  'RUN apk add --no-network --virtual .run curl': [],
  'RUN apk add --no-cache curl': [],
  'RUN apk --no-cache add curl': [],
  'RUN apk add curl && rm -rf /var/cache/apk/*': [],
  'RUN --mount=type=cache,target=/var/cache/apk apk add curl': [],
  'RUN apk add curl\nFROM scratch': [],
  'RUN apk del curl': [],
};
const FIXED = {
  'RUN apk add --virtual .build curl': 'RUN apk add --no-cache --virtual .build curl',
};

describe('apk-no-cache', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
