import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messagesOf } from '../lint.fixture.ts';
import { goGenerateInBuild as rule } from './go-generate-in-build.ts';

describe('go-generate-in-build', () => {
  const found = (place: string) => [
    `${place} go generate writes code inside the build: what is compiled need not be what the repository holds.`,
  ];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'RUN go generate ./...\nRUN go build': found('2:8'),
    'AS src\nRUN go generate ./...\nFROM src\nRUN go build': [],
    'RUN go generate ./...': [],
    'RUN go build -o /gen ./gen\nRUN go generate ./...': [],
    'RUN cd x && go generate && go build': found('2:16'),
    'RUN go build generate': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(text, async () => assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected));
  }

  it('only at the strict level', async () => {
    const source = 'FROM golang:1.26\nRUN go generate ./... && go build\n';
    assert.deepEqual(await messagesOf(rule, source, { settings: { strict: false } }), []);
  });
});
