import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { unusedStage as rule } from './unused-stage.ts';

const FOUND = {
  'FROM a:1\nFROM b:1': ['1:1 The stage 0 is built only when --target names it.'],
  'FROM a:1 AS x\nFROM b:1\nRUN --mount=from=x,target=/x y': [],
  'FROM a:1 AS x\nFROM x': [],
  'ARG B=on\nFROM a:1 AS x-on\nFROM a:1 AS x-off\nFROM x-${B}': [],
  'FROM a:1 AS x\nFROM x AS y\nFROM b:1': ['2:1 The stage y is built only when --target names it.'],
  'FROM a:1\nFROM b:1 AS y\nCOPY --from=0 /a /a\nFROM b:1': ['2:1 The stage y is built only when --target names it.'],
};

describe('unused-stage', () => {
  testFindings(rule, FOUND);
});
