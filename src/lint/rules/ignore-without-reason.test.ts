import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { ignoreWithoutReason as rule } from './ignore-without-reason.ts';

const FOUND = {
  '# slipway global ignore=a,b\nRUN c': ['2:1 a, b are silenced without a reason.'],
  '# slipway ignore=a because\nRUN b': [],
  '# hadolint ignore=DL3008\nRUN b': [],
  '# a comment\nRUN b': [],
};

describe('ignore-without-reason', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
