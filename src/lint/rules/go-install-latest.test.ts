import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messagesOf } from '../lint.fixture.ts';
import { goInstallLatest as rule } from './go-install-latest.ts';

describe('go-install-latest', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'RUN go install example.com/x/cmd/y@latest': [
      '2:16 "example.com/x/cmd/y@latest" is whatever version is the newest on the day.',
    ],
    'RUN go install -v example.com/x@main && x': [
      '2:19 "example.com/x@main" is whatever version is the newest on the day.',
    ],
    'RUN ["go", "run", "example.com/x@master"]': [
      '2:5 "example.com/x@master" is whatever version is the newest on the day.',
    ],
    'RUN go install example.com/x@v1.2.3': [],
    'RUN go install example.com/x@$VERSION': [],
    'RUN go install ./cmd/x': [],
    'RUN go build -o x@latest': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(text, async () => assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected));
  }
});
