import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { nodeModulesInContext as rule } from './node-modules-in-context.ts';

const FOUND = {
  'RUN npm ci\nCOPY . .': [
    '3:1 Installed packages of this machine are copied with the sources: web/node_modules/a/index.js (2 bytes).',
  ],
  'COPY . .\nRUN pnpm i': [
    '2:1 Installed packages of this machine are copied with the sources: web/node_modules/a/index.js (2 bytes).',
  ],
  'COPY . .': [],
  'RUN npm ci\nCOPY src .': [],
};

describe('node-modules-in-context', () => {
  testFindings(rule, FOUND, { head: 'FROM node:22\n', files: { 'web/node_modules/a/index.js': 'x\n' } });
});
