import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { goInstallSuffix as rule } from './go-install-suffix.ts';

describe('go-install-suffix', () => {
  const found = (place: string, value: string) => [
    `${place} -installsuffix ${value} has no effect: packages are no longer installed under a name with a suffix.`,
  ];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'RUN go build -installsuffix cgo -o /app .': found('2:14', 'cgo'),
    'RUN go build -a -installsuffix=nocgo .': found('2:17', 'nocgo'),
    'RUN go build -o /app .': [],
    'RUN go env -installsuffix': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(text, async () => assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected));
  }

  it('takes the flag away with its value', async () => {
    const fixed = await fixedBy(rule, 'FROM golang:1.26\nRUN go build -installsuffix cgo -o /app .\n');
    assert.equal(fixed, 'FROM golang:1.26\nRUN go build -o /app .\n');
  });
});
