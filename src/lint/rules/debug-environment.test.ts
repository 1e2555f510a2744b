import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { debugEnvironment as rule } from './debug-environment.ts';

describe('debug-environment', () => {
  const found = (place: string, setting: string) => [
    `${place} ${setting} is for development, and holds wherever the image runs.`,
  ];
  testFindings(rule, {
    'FROM alpine\nENV GIN_MODE=debug': found('2:14', 'GIN_MODE=debug'),
    'FROM alpine\nENV A=b DEBUG=true': found('2:15', 'DEBUG=true'),
    'FROM alpine AS a\nENV LOG_LEVEL=debug\nFROM a': found('2:15', 'LOG_LEVEL=debug'),
    'FROM alpine\nENV GIN_MODE=release DEBUG=0': [],
    'FROM alpine AS dev\nENV DEBUG=1': [],
    'FROM alpine\nENV DEBUG=1\nFROM scratch': [],
  });
});
