import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { curlAndWget as rule } from './curl-and-wget.ts';

const FOUND = {
  'RUN curl -O https://example.com/a && wget https://example.com/b': [
    '2:38 wget is called here, and curl above in the same stage.',
  ],
  'RUN curl -O https://example.com/a && curl -O https://example.com/b': [],
  'RUN curl -O https://example.com/a\nFROM debian:12\nRUN wget https://example.com/b': [],
  'RUN apt-get install -y curl wget': [],
};

describe('curl-and-wget', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
