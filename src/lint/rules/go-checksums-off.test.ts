import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messagesOf } from '../lint.fixture.ts';
import { goChecksumsOff as rule } from './go-checksums-off.ts';

describe('go-checksums-off', () => {
  const found = (place: string, setting: string) => [
    `${place} ${setting} lets a module in that is not the one everybody else has.`,
  ];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'ENV GOSUMDB=off': found('2:5', 'GOSUMDB=off'),
    'ENV A=b GOSUMDB=off': found('2:9', 'GOSUMDB=off'),
    'RUN GOSUMDB=off go mod download': found('2:5', 'GOSUMDB=off'),
    'RUN export GONOSUMDB=* && go build': found('2:12', 'GONOSUMDB=*'),
    'RUN go env -w GOINSECURE=*': found('2:15', 'GOINSECURE=*'),
    'ENV GOFLAGS="-mod=mod -insecure"': found('2:5', 'GOFLAGS=-mod=mod -insecure'),
    'ENV GONOSUMDB=git.example.com GOPRIVATE=git.example.com': [],
    'ENV GOSUMDB=sum.golang.org': [],
    'ENV GOFLAGS=-mod=vendor': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(text, async () => assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected));
  }
});
