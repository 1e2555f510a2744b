import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { cacheRemovedLater as rule } from './cache-removed-later.ts';

const FOUND = {
  'RUN apt-get update && apt-get install -y a\nRUN apt-get clean': [
    '3:5 The layers above keep the caches that are removed here.',
  ],
  'RUN yum install -y a\nENV A=1\nRUN yum clean all': ['4:5 The layers above keep the caches that are removed here.'],
  'RUN apt-get update && apt-get install -y a && apt-get clean': [],
  'RUN rm -rf /var/lib/apt/lists/*': [],
  'RUN apt-get update && apt-get install -y a\nRUN rm -rf /var/lib/apt/lists/*\nFROM scratch': [],
  'RUN yum install -y a\nRUN ./install.sh && yum clean all': [],
  'RUN yum install -y a\nRUN yum install -y b && yum clean all': [],
};

describe('cache-removed-later', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
