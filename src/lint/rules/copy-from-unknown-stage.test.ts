import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { copyFromUnknownStage as rule } from './copy-from-unknown-stage.ts';

const FOUND = {
  'FROM a:1 AS builder\nFROM scratch\nCOPY --from=buildr /a /b': ['3:6 There is no stage buildr above.'],
  'FROM scratch AS b\nCOPY --from=c /a /b\nFROM a:1 AS c': [
    '2:6 The stage c stands below: here the name means an image.',
  ],
  'FROM a:1 AS builder\nFROM scratch\nCOPY --from=builder /a /b': [],
  'FROM a:1\nFROM scratch\nCOPY --from=0 /a /b': [],
  'FROM a:1 AS builder\nFROM scratch\nCOPY --from=assets /a /b': [],
  'FROM a:1 AS busybo\nFROM scratch\nCOPY --from=busybox:1 /a /b': [],
};
const FIXED = {
  'FROM a:1 AS builder\nFROM scratch\nCOPY --from=buildr /a /b':
    'FROM a:1 AS builder\nFROM scratch\nCOPY --from=builder /a /b',
};

describe('copy-from-unknown-stage', () => {
  testFindings(rule, FOUND);
  testFixes(rule, FIXED);
});
