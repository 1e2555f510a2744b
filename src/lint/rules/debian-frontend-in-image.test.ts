import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { debianFrontendInImage as rule } from './debian-frontend-in-image.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'ENV DEBIAN_FRONTEND noninteractive': ['2:5 DEBIAN_FRONTEND is set in the image for good.'],
  'ENV A=1 DEBIAN_FRONTEND=noninteractive': ['2:9 DEBIAN_FRONTEND is set in the image for good.'],
  'ARG DEBIAN_FRONTEND=noninteractive': [],
  'ENV DEBIAN_FRONTEND=': [],
  'ENV DEBIAN_FRONTEND=noninteractive\nFROM scratch': [],
  'ENV DEBIAN_FRONTEND=dialog': [],
};
const FIXED = {
  'ENV DEBIAN_FRONTEND noninteractive': 'ARG DEBIAN_FRONTEND=noninteractive',
  'env DEBIAN_FRONTEND=noninteractive': 'arg DEBIAN_FRONTEND=noninteractive',
};

describe('debian-frontend-in-image', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
