import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { registryNotAllowed as rule } from './registry-not-allowed.ts';

const FOUND = {
  'FROM debian:12': [
    '1:6 docker.io/library/debian comes from docker.io, which is not among the registries of the policy.',
  ],
  'FROM ghcr.io/teams/a:1': [
    '1:6 ghcr.io/teams/a comes from ghcr.io, which is not among the registries of the policy.',
  ],
  'FROM scratch\nCOPY --from=quay.io/a/b:1 /a /b': [
    '2:6 quay.io/a/b comes from quay.io, which is not among the registries of the policy.',
  ],
  'FROM corp.example/a:1': [
    '1:6 corp.example/a comes from corp.example, which is not among the registries of the policy.',
  ],
  'FROM registry.example.com/debian:12': [],
  'FROM ghcr.io/team/a:1': [],
  'FROM eu.corp.example/a:1': [],
  'FROM scratch': [],
};

describe('registry-not-allowed', () => {
  testFindings(rule, FOUND, {
    settings: {
      policy: {
        pin: 'tag',
        registries: ['registry.example.com', 'ghcr.io/team/', '*.corp.example'],
        requiredLabels: [],
      },
    },
  });
});
