import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { vendorUnused as rule } from './vendor-unused.ts';

const FOUND = {
  'COPY . .\nRUN GOFLAGS=-mod=mod go build': [
    '3:1 Vendored modules that go build does not use are copied with the sources: vendor/modules.txt (2 bytes).',
  ],
  'ENV GOFLAGS=-mod=mod\nCOPY . .\nRUN go build': [
    '4:1 Vendored modules that go build does not use are copied with the sources: vendor/modules.txt (2 bytes).',
  ],
  'COPY . .\nRUN go build': [],
  'COPY main.go .\nRUN go build -mod=mod': [],
};

describe('vendor-unused', () => {
  testFindings(rule, FOUND, {
    head: 'FROM golang:1.26\nWORKDIR /src\n',
    files: { 'go.mod': 'module a\n', 'vendor/modules.txt': 'x\n' },
  });
});
