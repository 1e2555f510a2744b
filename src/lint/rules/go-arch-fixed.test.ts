import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { goArchFixed as rule } from './go-arch-fixed.ts';

describe('go-arch-fixed', () => {
  const found = (place: string, arch = 'amd64') => [
    `${place} GOARCH=${arch} is compiled for every platform: an image built for another one holds a binary for ${arch}.`,
  ];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'RUN CGO_ENABLED=0 GOOS=linux GOARCH=amd64 go build': found('2:30'),
    'RUN export GOARCH=arm64 && go build': found('2:12', 'arm64'),
    'ENV GOOS=linux GOARCH=amd64\nRUN go build -o /a ./a\nRUN go build -o /b ./b': found('2:23'),
    'ENV GOARCH amd64\nRUN go build': found('2:12'),
    'RUN GOARCH=$TARGETARCH go build': [],
    'RUN GOOS=linux go build': [],
    'RUN GOOS=windows GOARCH=amd64 go build': [],
    'RUN GOARCH=amd64 go build\nFROM scratch': [],
    'RUN go build\nFROM --platform=linux/amd64 alpine\nCOPY --from=0 /a /a': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () =>
      assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected),
    );
  }

  const fixes: Readonly<Record<string, string>> = {
    'RUN GOARCH=amd64 go build': 'ARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build',
    'ARG TARGETARCH=x\nRUN GOARCH="amd64" go build': 'ARG TARGETARCH=x\nRUN GOARCH="$TARGETARCH" go build',
  };
  for (const [text, expected] of Object.entries(fixes)) {
    it(`${JSON.stringify(text)} is fixed`, async () =>
      assert.equal(await fixedBy(rule, `FROM golang:1.26\n${text}\n`), `FROM golang:1.26\n${expected}\n`));
  }
});
