import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { gitCloneUnpinned as rule } from './git-clone-unpinned.ts';

const FOUND = {
  'RUN git clone https://me:word@github.com/a/b.git': ['2:5 git clone of github.com/a/b names no tag or commit.'],
  'RUN git clone --depth 1 git@github.com:a/b.git /src && make': [
    '2:5 git clone of github.com:a/b names no tag or commit.',
  ],
  'RUN git clone -b v1 https://github.com/a/b': [],
  'RUN git clone https://github.com/a/b && cd b && git checkout 0123abc': [],
  'RUN git clone https://github.com/a/b .\nRUN git checkout 0123abc': [],
  'RUN git clone /src/a b': [],
  'RUN git clone "$REPOSITORY" b': [],
  'RUN git clone --branch=v1 https://github.com/a/b': [],
  'RUN git fetch': [],
};

describe('git-clone-unpinned', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
