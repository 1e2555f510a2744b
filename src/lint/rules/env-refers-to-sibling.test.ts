import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { envRefersToSibling as rule } from './env-refers-to-sibling.ts';

const FOUND = {
  'ARG A=1\nENV A=2 B=${A}x': ['3:11 B gets the old value of A ("1"), not the one set in front of it.'],
  'ARG A=1\nENV A=$A B=$A': [],
  'ENV A=1\nENV B=$A': [],
  'ENV PATH=/a:$PATH B=$PATH': [],
  'ENV A=1\nENV A=2 B=$AB': [],
  'ENV A=1 B=$A': [],
};

describe('env-refers-to-sibling', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
