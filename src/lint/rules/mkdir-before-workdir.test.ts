import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { mkdirBeforeWorkdir as rule } from './mkdir-before-workdir.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'RUN mkdir /a\nWORKDIR /a/': ['2:1 WORKDIR /a/ makes the directory itself.'],
  'WORKDIR /a\nRUN mkdir b\nWORKDIR b': ['3:1 WORKDIR b makes the directory itself.'],
  'RUN mkdir /a && chown 1 /a\nWORKDIR /a': [],
  'RUN mkdir -m 700 /a\nWORKDIR /a': [],
  'RUN mkdir /a\nWORKDIR /b': [],
  'RUN mkdir /a\nCOPY b /a\nWORKDIR /a': [],
  'RUN mkdir /a /b\nWORKDIR /a': [],
};
const FIXED = {
  'RUN mkdir /a\nWORKDIR /a\nENV B=1': 'WORKDIR /a\nENV B=1',
};

describe('mkdir-before-workdir', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
