import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { goModMod as rule } from './go-mod-mod.ts';

describe('go-mod-mod', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'RUN go build -mod=mod -o /app': [
      '2:14 go build -mod=mod updates go.mod and go.sum as it likes, and ignores vendor/.',
    ],
    'RUN go install -mod mod .': [
      '2:16 go install -mod=mod updates go.mod and go.sum as it likes, and ignores vendor/.',
    ],
    'RUN go build -mod=readonly': [],
    'RUN go build -mod=vendor': [],
    'RUN go build': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(text, async () => assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected));
  }

  it('takes the flag away', async () => {
    const fixed = await fixedBy(rule, 'FROM golang:1.26\nRUN go build -mod=mod -o /app\n');
    assert.equal(fixed, 'FROM golang:1.26\nRUN go build -o /app\n');
  });
});
