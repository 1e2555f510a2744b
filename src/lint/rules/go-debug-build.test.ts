import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { goDebugBuild as rule } from './go-debug-build.ts';

describe('go-debug-build', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'RUN go build -race -o /app': [
      '2:14 go build -race makes a binary that runs several times slower and takes several times the memory.',
    ],
    'RUN go build -gcflags "all=-N -l" -o /app': [
      '2:14 -gcflags "all=-N -l" turns optimisation or inlining off in the binary that ships.',
    ],
    'RUN go build -gcflags=-l': ['2:14 -gcflags "-l" turns optimisation or inlining off in the binary that ships.'],
    'RUN go build -gcflags=-m': [],
    'RUN go test -race ./...': [],
    'RUN go build -race\nFROM scratch': [],
    'FROM golang AS debug\nRUN go build -race': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () =>
      assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected),
    );
  }

  it('takes the flag away', async () => {
    const fixed = await fixedBy(rule, "FROM golang:1.26\nRUN go build -gcflags 'all=-N -l' -o /app\n");
    assert.equal(fixed, 'FROM golang:1.26\nRUN go build -o /app\n');
  });
});
