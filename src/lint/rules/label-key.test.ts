import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { labelKey as rule } from './label-key.ts';

const FOUND = {
  'LABEL com.docker.x=1': ['2:7 The label key "com.docker.x" is in a namespace that Docker keeps for itself.'],
  'LABEL "a b"=1': ['2:7 The label key "a b" has characters that tools cannot filter by.'],
  'LABEL .a=1': ['2:7 The label key ".a" does not begin and end with a letter or digit.'],
  'LABEL a--b=1': ['2:7 The label key "a--b" has two separators in a row.'],
  'LABEL a=1 com.example.a-b_c=2': [],
  'LABEL com.docker.desktop.extension.api.version=1 com.docker.extension.publisher-url=2': [],
  'LABEL $KEY=1': [],
  'LABEL Name=1': [],
  'LABEL k8s.io/name=1': [],
};

describe('label-key', () => {
  testFindings(rule, FOUND, { head: 'FROM scratch\n' });
});
