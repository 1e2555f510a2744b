import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { copyEverything as rule } from './copy-everything.ts';

const FOUND = {
  'COPY . /app': ['2:6 COPY . /app brings everything into the image: 2 files, 4 bytes.'],
  'ADD ./ /x': ['2:5 ADD ./ /x brings everything into the image: 2 files, 4 bytes.'],
  'COPY b /app': [],
  'COPY . /app\nFROM scratch': [],
  'COPY --from=x . /app': [],
};

describe('copy-everything', () => {
  testFindings(rule, FOUND, { head: 'FROM python:3.13\n', files: { a: 'x\n', 'b/c': 'x\n' } });
});
