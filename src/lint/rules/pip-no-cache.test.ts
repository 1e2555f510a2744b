import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { pipNoCache as rule } from './pip-no-cache.ts';

const OPTIONS = { head: 'FROM python:3.13\n' };
const FOUND = {
  'RUN pip install flask==3.1': ['2:9 pip install without --no-cache-dir keeps its downloads in this layer.'],
  'RUN python3 -m pip install -r r.txt': ['2:20 pip install without --no-cache-dir keeps its downloads in this layer.'],
  'RUN pip3 install --upgrade pip && pip install a==1': [
    '2:10 pip3 install without --no-cache-dir keeps its downloads in this layer.',
    '2:39 pip install without --no-cache-dir keeps its downloads in this layer.',
  ],
  'RUN pip install --no-cache-dir flask': [],
  'ENV PIP_NO_CACHE_DIR=1\nRUN pip install flask': [],
  'RUN PIP_NO_CACHE_DIR=1 pip install flask': [],
  'RUN pip install flask && rm -rf ~/.cache': [],
  'RUN --mount=type=cache,target=/root/.cache pip install flask': [],
  'RUN pip install flask\nFROM scratch': [],
  'RUN pip list': [],
};
const FIXED = {
  'RUN python3 -m pip install -r r.txt': 'RUN python3 -m pip install --no-cache-dir -r r.txt',
};

describe('pip-no-cache', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
