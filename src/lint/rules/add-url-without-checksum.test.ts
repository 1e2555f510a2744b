import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { addUrlWithoutChecksum as rule } from './add-url-without-checksum.ts';

const FOUND = {
  'ADD https://me:word@example.com/a?token=x /a': [
    '2:5 ADD takes whatever is at the address that day: https://example.com/a.',
  ],
  'ADD http://example.com/a https://example.com/b /c/': [
    '2:5 ADD takes whatever is at the address that day: http://example.com/a.',
    '2:26 ADD takes whatever is at the address that day: https://example.com/b.',
  ],
  'ADD --checksum=sha256:1b8c5f2f2b7a5e2c1b8c5f2f2b7a5e2c1b8c5f2f2b7a5e2c1b8c5f2f2b7a5e2c https://example.com/a /a': [],
  'ADD https://github.com/a/b.git#v1 /src': [],
  'ADD git@github.com:a/b.git /src': [],
  'ADD a.tar.gz /': [],
};

describe('add-url-without-checksum', () => {
  testFindings(rule, FOUND, { head: 'FROM scratch\n' });
});
