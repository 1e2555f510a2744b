import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { aptListsLeft as rule } from './apt-lists-left.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'RUN apt-get update && apt-get install -y curl': ['2:13 The lists that apt-get update loads stay in this layer.'],
  'RUN apt-get update && apt-get install -y curl && apt-get clean': [
    '2:13 The lists that apt-get update loads stay in this layer.',
  ],
  'RUN <<EOF\napt-get update\napt-get install -y curl\nEOF': [
    '3:9 The lists that apt-get update loads stay in this layer.',
  ],
  'RUN apt-get update && apt-get install -y curl\nRUN apt-get install -y git': [
    '2:13 The lists that apt-get update loads stay in this layer.',
  ],
  'RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*': [],
  'RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/{apt,dpkg}': [],
  'RUN apt-get update && apt-get install -y curl && apt-get dist-clean': [],
  'RUN apt-get update && apt-get install -y curl && /scripts/cleanup.sh': [],
  'RUN apt-get update && apt-get install -y curl\nFROM scratch': [],
  'RUN --mount=type=cache,target=/var/lib/apt/lists/ apt-get update && apt-get install -y curl': [],
};
const FIXED = {
  'RUN apt-get update && apt-get install -y curl':
    'RUN apt-get update && apt-get install -y curl \\\n    && rm -rf /var/lib/apt/lists/*',
  'RUN apt-get update \\\n && apt-get install -y \\\n    curl':
    'RUN apt-get update \\\n && apt-get install -y \\\n    curl \\\n    && rm -rf /var/lib/apt/lists/*',
  'RUN <<EOF\napt-get update\napt-get install -y curl\nEOF':
    'RUN <<EOF\napt-get update\napt-get install -y curl\nrm -rf /var/lib/apt/lists/*\nEOF',
};

describe('apt-lists-left', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
