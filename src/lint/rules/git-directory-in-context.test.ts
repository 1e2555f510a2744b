import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { gitDirectoryInContext as rule } from './git-directory-in-context.ts';

const FOUND = {
  'COPY . .': ['3:1 Files of git are copied with the sources: .git/HEAD (2 bytes).'],
  'COPY . .\nRUN git describe > /v': [],
  'COPY . .\nRUN make': [],
  'COPY . .\nRUN go build -buildvcs=true': [],
  'COPY main.go .': [],
};

describe('git-directory-in-context', () => {
  testFindings(rule, FOUND, {
    head: 'FROM golang:1.26\nWORKDIR /src\n',
    files: { '.git/HEAD': 'x\n', 'main.go': 'x\n' },
  });
});
