import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { userNotNumeric as rule } from './user-not-numeric.ts';

describe('user-not-numeric', () => {
  const found = (place: string, user: string) => [
    `${place} USER ${user} is a name: with runAsNonRoot Kubernetes refuses to start the container.`,
  ];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'FROM alpine\nUSER app': found('2:6', 'app'),
    'FROM gcr.io/distroless/static\nUSER nonroot:nonroot': found('2:6', 'nonroot:nonroot'),
    'FROM alpine\nUSER app\nUSER 1000': [],
    'FROM alpine\nUSER 1000:app': [],
    'FROM alpine\nUSER root': [],
    'FROM alpine\nUSER $U': [],
    'FROM alpine\nUSER app\nFROM alpine': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () => assert.deepEqual(await messagesOf(rule, `${text}\n`), expected));
  }

  const fixes: Readonly<Record<string, string>> = {
    'FROM gcr.io/distroless/static\nUSER nonroot:nonroot': 'FROM gcr.io/distroless/static\nUSER 65532:65532',
    'FROM alpine\nRUN adduser -D -u 10001 app\nUSER app': 'FROM alpine\nRUN adduser -D -u 10001 app\nUSER 10001:10001',
    'FROM debian\nRUN useradd --uid=10001 app\nUSER app': 'FROM debian\nRUN useradd --uid=10001 app\nUSER 10001:10001',
    'FROM alpine\nRUN adduser -D app\nUSER app': 'FROM alpine\nRUN adduser -D app\nUSER app',
  };
  for (const [text, expected] of Object.entries(fixes)) {
    it(`fix of ${JSON.stringify(text)}`, async () => assert.equal(await fixedBy(rule, `${text}\n`), `${expected}\n`));
  }
});
