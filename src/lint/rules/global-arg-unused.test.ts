import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { globalArgUnused as rule } from './global-arg-unused.ts';

const FOUND = {
  'ARG A=1\nARG B=2\nFROM debian:$B': ['1:5 A is used by no FROM and declared in no stage.'],
  'ARG A=1\nFROM debian:${A}': [],
  'ARG A=1\nARG B=x$A\nFROM debian:$B': [],
  'ARG A\nFROM debian:12\nARG A': [],
  'ARG BUILDKIT_SYNTAX=a\nARG TARGETARCH\nFROM debian:12': [],
  'ARG P=linux/amd64\nFROM --platform=$P debian:12': [],
};

describe('global-arg-unused', () => {
  testFindings(rule, FOUND);
});
