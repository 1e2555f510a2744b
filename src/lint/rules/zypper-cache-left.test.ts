import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { zypperCacheLeft as rule } from './zypper-cache-left.ts';

const OPTIONS = { head: 'FROM opensuse/leap:15.6\n' };
const FOUND = {
  'RUN zypper -n in git': ['2:15 zypper in leaves its cache in this layer.'],
  'RUN zypper -n ref && zypper -n in git': ['2:32 zypper in leaves its cache in this layer.'],
  'RUN zypper -n in git && zypper cc -a': [],
  'RUN zypper -n in git\nFROM scratch': [],
  'RUN zypper -n ref': [],
};
const FIXED = {
  'RUN zypper -n in git': 'RUN zypper -n in git \\\n    && zypper clean --all',
};

describe('zypper-cache-left', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
