import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { pipeToShell as rule } from './pipe-to-shell.ts';

const FOUND = {
  'RUN curl -fsSL https://example.com/i.sh | sh': ['2:5 What curl downloads is run by sh unchecked.'],
  'RUN wget -qO- https://example.com/i.sh | sudo bash -s -- -b /usr/local/bin': [
    '2:5 What wget downloads is run by bash unchecked.',
  ],
  'RUN curl https://example.com/i.py | python3 -': ['2:5 What curl downloads is run by python3 unchecked.'],
  'RUN curl https://example.com/a.tar.gz | tar xz': [],
  'RUN curl https://example.com/a | python3 -c "import sys"': [],
  'RUN curl https://example.com/a | python3 -m json.tool': [],
  'RUN curl -o i.sh https://example.com/i.sh && sh i.sh': [],
  'RUN echo ls | sh': [],
};

describe('pipe-to-shell', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
