import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { copySourceMissing as rule } from './copy-source-missing.ts';

const FOUND = {
  'COPY a cmd/srever /x/': ['2:8 "cmd/srever" is not in the build context.'],
  'COPY nothing /x': [],
  'COPY a nothing /x/': ['2:8 "nothing" is not in the build context.'],
  'COPY cmd/srever /x': ['2:6 "cmd/srever" is not in the build context.'],
  'COPY a dist/app made /x/': [],
  'COPY a /x': [],
  'COPY cmd/*/x a /y/': [],
  'COPY $A a /y/': [],
  'COPY --from=b nothing /x': [],
  'COPY hidden a /x/': ['2:6 "hidden" is hidden from the build: the ignore file leaves it out.'],
  'COPY folder /x/': [],
  'COPY other1 other2 /x/': [],
  'COPY . /x': [],
  'ADD https://example.com/x /x': [],
};

describe('copy-source-missing', () => {
  testFindings(rule, FOUND, {
    head: 'FROM scratch\n',
    files: {
      'cmd/server/main.go': 'x\n',
      a: 'x\n',
      '.dockerignore': 'hidden\nfolder/*\n!folder/kept\n',
      '.gitignore': '# comment\ndist/\n/made\n',
      hidden: 'x\n',
      'folder/kept': '',
    },
  });
});
