import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { aptUpdateAlone as rule } from './apt-update-alone.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'RUN apt-get update\nRUN apt-get install -y curl': [
    '2:13 apt-get update stands in a RUN of its own: the cache keeps its lists when packages are added below.',
  ],
  'RUN apt-get -qq update\nENV A=1\nRUN apt-get install -y curl': [
    '2:17 apt-get update stands in a RUN of its own: the cache keeps its lists when packages are added below.',
  ],
  'RUN apk update\nRUN apk add curl': [
    '2:9 apk update stands in a RUN of its own: the cache keeps its lists when packages are added below.',
  ],
  'RUN apt-get update && apt-get install -y curl': [],
  'RUN apt-get update': [],
  'RUN apt-get update\nRUN apt-get update && apt-get install -y curl': [],
};
const FIXED = {
  'RUN apt-get update\nRUN apt-get install -y \\\n    curl':
    'RUN apt-get update \\\n    && apt-get install -y \\\n    curl',
};

describe('apt-update-alone', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
