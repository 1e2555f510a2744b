import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { archiveCopiedThenUnpacked as rule } from './archive-copied-then-unpacked.ts';

const FOUND = {
  'COPY a/b.tgz /x.tgz\nRUN tar xf /t/b.tgz': ['3:5 b.tgz stays in the layer of the COPY above.'],
  'ADD a.tar.gz /': [],
  'COPY a.tar.gz /\nRUN tar czf a.tar.gz b': [],
  'COPY a.zip /\nRUN unzip a.zip': [],
  'COPY a.tar /\nRUN tar xf /b.tar': [],
  'RUN tar xf a.tar\nCOPY a.tar /': [],
  'FROM debian:12 AS x\nFROM debian:12\nCOPY --from=x a.tar /\nRUN tar xf a.tar': [],
};

describe('archive-copied-then-unpacked', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
