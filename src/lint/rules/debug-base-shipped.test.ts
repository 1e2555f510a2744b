import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { debugBaseShipped as rule } from './debug-base-shipped.ts';

describe('debug-base-shipped', () => {
  const found = (name: string, place = '1:6') => [
    `${place} ${name} has busybox and its shell, for people who look into a container.`,
  ];
  testFindings(rule, {
    'FROM gcr.io/distroless/static:debug': found('gcr.io/distroless/static:debug'),
    'FROM gcr.io/distroless/base-debian12:debug-nonroot': found('gcr.io/distroless/base-debian12:debug-nonroot'),
    'FROM gcr.io/distroless/static:nonroot': [],
    'FROM gcr.io/distroless/static:debug AS debug': [],
    'FROM gcr.io/distroless/static:debug\nFROM scratch': [],
    'FROM example.com/app:debug': [],
  });
  testFixes(rule, {
    'FROM gcr.io/distroless/static:debug': 'FROM gcr.io/distroless/static:latest',
    'FROM gcr.io/distroless/static:debug\nSHELL ["/busybox/sh", "-c"]\nRUN mkdir /a':
      'FROM gcr.io/distroless/static:debug\nSHELL ["/busybox/sh", "-c"]\nRUN mkdir /a',
    'FROM gcr.io/distroless/static:debug-nonroot AS x': 'FROM gcr.io/distroless/static:nonroot AS x',
  });
});
