import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { downloadWithoutChecksum as rule } from './download-without-checksum.ts';

const FOUND = {
  'RUN curl -fsSLO https://example.com/a.tar.gz': ['2:5 curl downloads a.tar.gz and nothing checks it.'],
  'RUN wget https://example.com/get?v=1 -O- | tar x': ['2:5 wget downloads get and nothing checks it.'],
  'RUN curl -fLo /a.zip "https://example.com/a-$VERSION.zip?x=1" && unzip /a.zip': [
    '2:5 curl downloads a-$VERSION.zip and nothing checks it.',
  ],
  'RUN curl -fsSLO https://example.com/a.tar.gz && sha256sum -c a.sum': [],
  'RUN curl https://example.com/key.asc -o /etc/apt/keyrings/a.asc': [],
  'RUN curl -f http://localhost:8080/a.zip': [],
  'RUN wget https://example.com/page': [],
  'RUN curl -fO https://example.com/a.deb && gpg --verify a.sig': [],
};

describe('download-without-checksum', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
