import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { npmCacheLeft as rule } from './npm-cache-left.ts';

const OPTIONS = { head: 'FROM node:22\n' };
const FOUND = {
  'RUN npm ci': ['2:9 npm ci keeps its downloads in this layer.'],
  'RUN npm install -g serve@14': ['2:9 npm install keeps its downloads in this layer.'],
  'RUN npm ci && npm cache clean --force': [],
  'RUN npm ci && rm -rf ~/.npm': [],
  'RUN --mount=type=cache,target=/root/.npm npm ci': [],
  'RUN npm ci\nFROM scratch': [],
  'RUN npm run build': [],
};
const FIXED = {
  'RUN npm ci': 'RUN npm ci \\\n    && npm cache clean --force',
};

describe('npm-cache-left', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
