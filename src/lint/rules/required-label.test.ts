import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { requiredLabel as rule } from './required-label.ts';

const FOUND = {
  'FROM scratch': ['1:1 The image has no label team.', '1:1 The image has no label org.example.source.'],
  'FROM scratch AS a\nLABEL team=x org.example.source=y\nFROM scratch': [
    '3:1 The image has no label team.',
    '3:1 The image has no label org.example.source.',
  ],
  'FROM scratch\nLABEL team=x org.example.source=y': [],
  'FROM scratch AS a\nLABEL team=x\nFROM a\nLABEL "org.example.source"=y': [],
};

describe('required-label', () => {
  testFindings(rule, FOUND, {
    settings: { policy: { pin: 'tag', registries: [], requiredLabels: ['team', 'org.example.source'] } },
  });
});
