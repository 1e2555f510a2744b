import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messagesOf } from '../lint.fixture.ts';
import { userNotInPasswd as rule } from './user-not-in-passwd.ts';

describe('user-not-in-passwd', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'FROM scratch\nUSER app': ['2:6 scratch has no user "app", and no passwd file at all.'],
    'FROM scratch\nUSER nobody:nobody': ['2:6 scratch has no user "nobody", and no passwd file at all.'],
    'FROM gcr.io/distroless/static\nUSER app': ['2:6 distroless static has no user "app".'],
    'FROM scratch\nARG U=app\nUSER $U': ['3:6 scratch has no user "app", and no passwd file at all.'],
    'FROM gcr.io/distroless/static\nUSER nonroot:nonroot': [],
    'FROM scratch\nUSER 1000:1000': [],
    'FROM scratch\nUSER $U': [],
    'FROM scratch\nCOPY --from=b /etc/passwd /etc/passwd\nUSER app': [],
    'FROM alpine\nUSER app': [],
    'FROM example.com/own\nUSER app': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () => assert.deepEqual(await messagesOf(rule, `${text}\n`), expected));
  }
});
