import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { testDataInContext as rule } from './test-data-in-context.ts';

const FOUND = {
  'COPY . .\nRUN go build': ['3:1 Data of tests are copied with the sources: a/testdata/b (6.0 MB).'],
  'COPY . .\nRUN go test ./...': [],
  'COPY . .\nRUN make': [],
  'COPY b .': [],
};

describe('test-data-in-context', () => {
  testFindings(rule, FOUND, {
    head: 'FROM golang:1.26\nWORKDIR /src\n',
    files: { 'a/testdata/b': { start: Buffer.from('x', 'latin1'), bytes: 6000000 } },
  });
});
