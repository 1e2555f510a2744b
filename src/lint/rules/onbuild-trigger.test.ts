import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { onbuildTrigger as rule } from './onbuild-trigger.ts';

const FOUND = {
  'ONBUILD RUN make': ['2:1 ONBUILD RUN runs in every build that begins from this image, where nobody sees it.'],
  'RUN make': [],
  'FROM debian:12 AS a\nONBUILD RUN make\nFROM scratch': [],
};

describe('onbuild-trigger', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
