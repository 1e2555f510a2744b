import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messagesOf } from '../lint.fixture.ts';
import { userBeforeRootStep as rule } from './user-before-root-step.ts';

describe('user-before-root-step', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'USER app\nRUN apk add --no-cache curl': ['3:5 apk needs root, and runs as app here.'],
    'USER 1000:1000\nRUN set -e; apt-get update': ['3:13 apt-get needs root, and runs as 1000 here.'],
    'USER app\nRUN chown -R root /x': ['3:5 chown needs root, and runs as app here.'],
    'USER app\nRUN chown -R app /x': [],
    'USER app\nRUN sudo apt-get update': [],
    'USER app\nUSER root\nRUN apk add curl': [],
    'USER $U\nRUN apk add curl': [],
    'RUN apk add curl\nUSER app': [],
    'USER app\nRUN apk info': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () => assert.deepEqual(await messagesOf(rule, `FROM alpine\n${text}\n`), expected));
  }

  it('also in a stage that begins from one with a USER', async () => {
    const text = 'FROM alpine AS a\nUSER app\nFROM a\nRUN apk add curl\n';
    assert.deepEqual(await messagesOf(rule, text), ['4:5 apk needs root, and runs as app here.']);
  });
});
