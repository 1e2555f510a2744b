import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { binariesInContext as rule } from './binaries-in-context.ts';

const FOUND = {
  'COPY . .\nRUN go build': ['3:1 Programs built on this machine are copied with the sources: server (2.0 MB).'],
  'COPY . .': [],
  'COPY server /\nRUN go build': [],
};

describe('binaries-in-context', () => {
  testFindings(rule, FOUND, {
    head: 'FROM golang:1.26\nWORKDIR /src\n',
    files: {
      server: { start: Buffer.from('\x7fELF', 'latin1'), bytes: 2000000 },
      small: 'MZ',
      'big.txt': { start: Buffer.from('text', 'latin1'), bytes: 2000000 },
    },
  });
});
