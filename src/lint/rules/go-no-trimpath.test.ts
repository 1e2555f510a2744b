import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { goNoTrimpath as rule } from './go-no-trimpath.ts';

describe('go-no-trimpath', () => {
  const found = (place: string, verb = 'build') => [
    `${place} go ${verb} without -trimpath writes the builder's folders into the binary.`,
  ];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'RUN go build -o /app .': found('2:8'),
    'RUN go install ./cmd/app': found('2:8', 'install'),
    'RUN go build -trimpath -o /app .': [],
    'ENV GOFLAGS="-mod=vendor -trimpath"\nRUN go build': [],
    'ENV GOFLAGS=-trimpathx\nRUN go build': found('3:8'),
    'RUN go build $FLAGS .': [],
    'RUN go build ./...': [],
    'RUN go build -race -o /app': [],
    'RUN go build -gcflags "all=-N -l" -o /app': [],
    'RUN go install example.com/tool@v1': [],
    'RUN go build\nFROM scratch': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () =>
      assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected),
    );
  }

  it('adds the flag behind the verb', async () => {
    const fixed = await fixedBy(rule, 'FROM golang:1.26\nRUN go build -o /app .\n');
    assert.equal(fixed, 'FROM golang:1.26\nRUN go build -trimpath -o /app .\n');
  });
});
