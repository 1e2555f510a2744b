import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { dockerignoreMissing as rule } from './dockerignore-missing.ts';

const FOUND = {
  'COPY . .': ['3:1 COPY . . copies .git, Dockerfile* too (4 bytes of 6 bytes).'],
  'COPY main.go .\nADD . /x': ['4:1 ADD . /x copies .git, Dockerfile* too (4 bytes of 6 bytes).'],
  'COPY main.go .': [],
  'COPY --from=x . .': [],
};

describe('dockerignore-missing', () => {
  testFindings(rule, FOUND, {
    head: 'FROM golang:1.26\nWORKDIR /src\n',
    files: { '.git/HEAD': 'x\n', Dockerfile: 'x\n', 'main.go': 'x\n' },
  });
});
