import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { secretFileCopied as rule } from './secret-file-copied.ts';

const FOUND = {
  'COPY .netrc /root/': ["2:6 .netrc holds secrets by its name: curl's and git's logins."],
  'COPY a /a': ['2:6 a brings a/.env (file of environment variables) and 1 more like it into the image.'],
  'COPY . /': ['2:6 . brings a/.env (file of environment variables) and 1 more like it into the image.'],
  'ADD keys/server.p12 /x': ['2:5 keys/server.p12 holds secrets by its name: key store.'],
  'COPY b /b': [],
  'COPY .env.example /a': [],
  'COPY --from=x .env /a': [],
  'COPY id_rsa /a': [],
  'COPY . /src\nFROM scratch\nCOPY --from=0 /src/app /app': [],
  'COPY a /src/a\nFROM scratch\nCOPY --from=0 /src /app': [
    '2:6 a brings a/.env (file of environment variables) and 1 more like it into the image.',
  ],
};

describe('secret-file-copied', () => {
  testFindings(rule, FOUND, {
    head: 'FROM scratch\n',
    files: { 'a/.env': 'x\n', 'a/server.p12': 'x\n', 'b/.env.example': 'x\n' },
  });
});
