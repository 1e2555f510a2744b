import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { cdInsteadOfWorkdir as rule } from './cd-instead-of-workdir.ts';

const FOUND = {
  'RUN cd /src && make && make install': ['2:5 The whole step runs in /src.'],
  'RUN cd web; npm ci': ['2:5 The whole step runs in web.'],
  'WORKDIR /src\nRUN make': [],
  'RUN cd /tmp/x && make': [],
  'RUN cd a && make && cd ../b && make': [],
  'RUN cd /src && make && rm -rf /src': [],
  'RUN cd $DIR && make': [],
  'RUN (cd a && make)': [],
  'RUN make && cd /a && b': [],
  'RUN cd /src': [],
};

describe('cd-instead-of-workdir', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
