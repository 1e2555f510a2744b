import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { buildOutputInContext as rule } from './build-output-in-context.ts';

const FOUND = {
  'COPY . /a': ['2:1 Caches and results of tools are copied with the sources: .venv/bin/python and 1 more (4 bytes).'],
  'COPY x/a.py /a': [],
};

describe('build-output-in-context', () => {
  testFindings(rule, FOUND, {
    head: 'FROM python:3.13\n',
    files: { 'x/__pycache__/a.pyc': 'x\n', '.venv/bin/python': 'x\n' },
  });
});
