import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { imageWithoutDigest as rule } from './image-without-digest.ts';

const FOUND = {
  'FROM alpine:3.22': ['1:6 alpine:3.22 can change behind its tag.'],
  'FROM ghcr.io/a/b': ['1:6 ghcr.io/a/b can change behind its tag.'],
  'FROM alpine@sha256:0000000000000000000000000000000000000000000000000000000000000000': [],
  'FROM scratch': [],
  'FROM $BASE': [],
};

describe('image-without-digest', () => {
  testFindings(rule, FOUND, { settings: { policy: { pin: 'digest', registries: [], requiredLabels: [] } } });
});
