import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { yarnCacheLeft as rule } from './yarn-cache-left.ts';

const OPTIONS = { head: 'FROM node:22\n' };
const FOUND = {
  'RUN yarn install': ['2:5 yarn install keeps its downloads in this layer.'],
  'RUN yarn': ['2:5 yarn install keeps its downloads in this layer.'],
  'RUN yarn && yarn cache clean': [],
  'RUN --mount=type=cache,target=/usr/local/share/.cache yarn': [],
  'RUN yarn build': [],
  'RUN yarn\nFROM scratch': [],
};
const FIXED = {
  'RUN yarn --production': 'RUN yarn --production \\\n    && yarn cache clean',
};

describe('yarn-cache-left', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
