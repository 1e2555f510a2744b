import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { npmCi as rule } from './npm-ci.ts';

const OPTIONS = { head: 'FROM node:22\nCOPY package.json package-lock.json /app/\n' };
const FOUND = {
  'RUN npm install': ['3:9 npm install may take other versions than package-lock.json says.'],
  'RUN npm i --omit=dev': ['3:9 npm install may take other versions than package-lock.json says.'],
  'RUN npm ci': [],
  'RUN npm install express@5': [],
  'RUN npm install -g': [],
  'FROM node:22\nCOPY package.json /app/\nRUN npm install': [],
  'FROM node:22\nRUN npm install\nCOPY package-lock.json /': [],
};
const FIXED = {
  'RUN npm install --omit=dev': 'RUN npm ci --omit=dev',
};

describe('npm-ci', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
