import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messagesOf } from '../lint.fixture.ts';
import { goRunAtStart as rule } from './go-run-at-start.ts';

describe('go-run-at-start', () => {
  const found = (place: string, kind = 'CMD') => [
    `${place} ${kind} runs "go run": every start compiles first, and go stands between the program and its signals.`,
  ];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'CMD ["go", "run", "main.go"]': found('2:5'),
    'CMD go run .': found('2:5'),
    'ENTRYPOINT cd /src && go run .': found('2:23', 'ENTRYPOINT'),
    'CMD go run .\nCMD ["/app"]': [],
    'CMD ["/app"]\nFROM scratch': [],
    'CMD ["go", "version"]': [],
    'RUN go run ./gen': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () =>
      assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected),
    );
  }
});
