import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messagesOf } from '../lint.fixture.ts';
import { goProxyDirect as rule } from './go-proxy-direct.ts';

describe('go-proxy-direct', () => {
  const found = (place: string) => [
    `${place} GOPROXY=direct asks every module's own host, with git, for what a proxy has as one archive.`,
  ];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'ENV GOPROXY=direct': found('2:13'),
    'ENV GOPROXY direct': found('2:13'),
    'RUN GOPROXY=direct go mod download': found('2:5'),
    'ENV GOPROXY=https://proxy.example.com,direct': [],
    'ENV GOPROXY=off': [],
    'ENV GOPRIVATE=direct': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(text, async () => assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected));
  }
});
