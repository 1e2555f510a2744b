import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { labelEmpty as rule } from './label-empty.ts';

const FOUND = {
  'LABEL a= b=1': ['2:7 The label a is empty.'],
  'LABEL a="  "': ['2:7 The label a is empty.'],
  'LABEL a=1': [],
  'ARG A\nLABEL a=$A': [],
};

describe('label-empty', () => {
  testFindings(rule, FOUND, { head: 'FROM scratch\n' });
});
