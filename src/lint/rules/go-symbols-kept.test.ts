import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { goSymbolsKept as rule } from './go-symbols-kept.ts';

describe('go-symbols-kept', () => {
  const found = (place: string) => [
    `${place} go build without -ldflags="-s -w" keeps the symbol table and debug information in the binary.`,
  ];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'RUN go build -o /app .': found('2:8'),
    'RUN go build -ldflags "-X main.v=1" .': found('2:8'),
    'RUN go build -ldflags="-s -w" .': [],
    'RUN go build -ldflags=-s .': [],
    "RUN go build -ldflags '-w -X main.v=$V' .": [],
    'RUN go build -ldflags "$LDFLAGS" .': [],
    'RUN go build -ldflags "$(make ldflags)" .': [],
    'ENV GOFLAGS=-ldflags=-s\nRUN go build .': [],
    'RUN go build -o /app && strip /app': [],
    'RUN go build -gcflags="$DEBUG_FLAGS" -o /app': [],
    'RUN go build ./...': [],
    'RUN go build -gcflags="all=-N -l" -o /app': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () =>
      assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected),
    );
  }

  const fixes: Readonly<Record<string, string>> = {
    'go build -o /app': 'go build -ldflags="-s -w" -o /app',
    'go build -ldflags "-X main.v=$V" .': 'go build -ldflags "-s -w -X main.v=$V" .',
    "go build -ldflags='' .": "go build -ldflags='-s -w' .",
    'go build -ldflags=-Xmain.v=1 .': 'go build -ldflags=-Xmain.v=1 .',
  };
  for (const [text, expected] of Object.entries(fixes)) {
    it(`${text} becomes ${expected}`, async () =>
      assert.equal(await fixedBy(rule, `FROM golang:1.26\nRUN ${text}\n`), `FROM golang:1.26\nRUN ${expected}\n`));
  }
});
