import { describe } from 'node:test';
import { testFindings } from './rule-cases.fixture.ts';

const FILES = {
  'a.txt': 'x\n',
  'sub/x': 'x\n',
  'keep/k': 'x\n',
  '.dockerignore': 'a.txt\nsub\nkeep/*\n!keep/k\n',
};

/** As `docker buildx build --call=check` says of the same files. */
const FOUND = {
  'COPY a.txt /': ['3:1 Attempting to Copy file "a.txt" that is excluded by .dockerignore'],
  'ADD a.txt /b': ['3:1 Attempting to Add file "a.txt" that is excluded by .dockerignore'],
  'COPY sub /s': ['3:1 Attempting to Copy file "sub" that is excluded by .dockerignore'],
  'COPY sub/x keep/k /z/': ['3:1 Attempting to Copy file "sub/x" that is excluded by .dockerignore'],
  'COPY keep /k': [],
  'COPY a.tx? /w': [],
  'COPY ./a.txt /v': [],
  'COPY missing /m': [],
};

describe('CopyIgnoredFile', () => {
  const rule = { name: 'CopyIgnoredFile' };
  testFindings(rule, FOUND, { head: '# check=experimental=all\nFROM scratch\n', files: FILES });
  testFindings(rule, { 'COPY a.txt /': [] }, { head: 'FROM scratch\n', files: FILES });
});
