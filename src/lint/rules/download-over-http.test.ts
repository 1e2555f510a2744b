import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { downloadOverHttp as rule } from './download-over-http.ts';

const FOUND = {
  'RUN curl -O http://example.com/a': ['2:13 A file comes from example.com over plain http.'],
  'RUN wget ftp://ftp.example.com/a': ['2:10 A file comes from ftp.example.com over plain ftp.'],
  'ADD http://example.com:8080/a /a': ['2:5 A file comes from example.com:8080 over plain http.'],
  'RUN curl http://localhost:8080/a': [],
  'RUN curl http://127.0.0.1/a': [],
  'RUN wget http://repo:8081/a': [],
  'ADD --checksum=sha256:1b8c5f2f2b7a5e2c1b8c5f2f2b7a5e2c1b8c5f2f2b7a5e2c1b8c5f2f2b7a5e2c http://example.com/a /a': [],
  'RUN curl https://example.com/a': [],
  'RUN curl http://$HOST/a': [],
  'RUN echo http://example.com': [],
};

describe('download-over-http', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
