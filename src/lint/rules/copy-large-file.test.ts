import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { copyLargeFile as rule } from './copy-large-file.ts';

const FOUND = {
  'COPY a.bin /': ['2:6 a.bin has 150 MB.'],
  'COPY *.bin /x/': ['2:6 a.bin has 150 MB.'],
  'COPY b /': [],
};

describe('copy-large-file', () => {
  testFindings(rule, FOUND, {
    head: 'FROM scratch\n',
    files: { 'a.bin': { start: Buffer.from('x', 'latin1'), bytes: 150000000 }, b: 'x\n' },
  });
});
