import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { imageLatest as rule } from './image-latest.ts';

const FOUND = {
  'FROM alpine:latest': ['1:6 alpine:latest is another image after each release.'],
  'ARG TAG=latest\nFROM a/b:$TAG': ['2:6 a/b:latest is another image after each release.'],
  'FROM alpine:3\nCOPY --from=a/b:latest /x /y': ['2:6 a/b:latest is another image after each release.'],
  'FROM alpine:3.22': [],
  'FROM alpine': [],
  'FROM alpine:latest@sha256:0000000000000000000000000000000000000000000000000000000000000000': [],
  'FROM alpine:latest-dev': [],
};

describe('image-latest', () => {
  testFindings(rule, FOUND);
});
