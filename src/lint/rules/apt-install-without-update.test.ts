import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { aptInstallWithoutUpdate as rule } from './apt-install-without-update.ts';

const FOUND = {
  'RUN apt-get install -y curl': ['2:13 apt-get install runs without apt-get update in the same RUN.'],
  'RUN ["apt-get", "install", "-y", "curl"]': ['2:5 apt-get install runs without apt-get update in the same RUN.'],
  'RUN apt-get update && apt-get install -y curl': [],
  'RUN apt-get update\nRUN apt-get install -y curl': [],
  'RUN apt-get install -y ./a.deb /tmp/b.deb': [],
  'RUN curl -fsSL https://deb.nodesource.com/setup | bash - && apt-get install -y nodejs': [],
  'FROM somebody/base:1\nRUN apt-get install -y curl': [],
  'RUN ./update.sh\nRUN apt-get install -y curl': [],
};

describe('apt-install-without-update', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
