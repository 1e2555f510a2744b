import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messagesOf } from '../lint.fixture.ts';
import { goGenerateInBuild as rule } from './go-generate-in-build.ts';

describe('go-generate-in-build', () => {
  const found = (place: string) => [
    `${place} go generate makes code that the repository does not hold, with tools of this image.`,
  ];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'RUN go generate ./...': found('2:8'),
    'RUN cd x && go generate && go build': found('2:16'),
    'RUN go build generate': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(text, async () => assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected));
  }

  it('only at the strict level', async () => {
    const source = 'FROM golang:1.26\nRUN go generate ./...\n';
    assert.deepEqual(await messagesOf(rule, source, { settings: { strict: false } }), []);
  });
});
