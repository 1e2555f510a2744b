import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { aptGetNotApt as rule } from './apt-get-not-apt.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'RUN apt update && apt install -y curl': [
    '2:5 apt update is meant for a terminal; its interface is not stable.',
    '2:19 apt install is meant for a terminal; its interface is not stable.',
  ],
  'RUN /usr/bin/apt install curl': ['2:5 apt install is meant for a terminal; its interface is not stable.'],
  'RUN ["apt", "install", "curl"]': ['2:5 apt install is meant for a terminal; its interface is not stable.'],
  'RUN apt list --installed': ['2:5 apt list is meant for a terminal; its interface is not stable.'],
  'RUN apt-get update': [],
  'RUN echo apt install': [],
  'RUN apt-cache policy': [],
  'RUN apt --version': [],
};
const FIXED = {
  'RUN apt update \\\n && /usr/bin/apt install -y curl': 'RUN apt-get update \\\n && /usr/bin/apt-get install -y curl',
};

describe('apt-get-not-apt', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
