import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AuthChallenge, parseAuthChallenge } from './auth-challenge.ts';

const bearer = (realm: string, service?: string): AuthChallenge => ({ scheme: 'bearer', realm, service });

const CHALLENGES: readonly (readonly [readonly string[], AuthChallenge | undefined])[] = [
  [[], undefined],
  [[''], undefined],
  [['Basic realm="x"'], { scheme: 'basic' }],
  [['basic'], { scheme: 'basic' }],
  [['Bearer realm="https://a/token",service="a"'], bearer('https://a/token', 'a')],
  [['bearer realm=https://a/token'], bearer('https://a/token')],
  [['Bearer realm = "https://a/token" , scope="repository:a:pull,push"'], bearer('https://a/token')],
  [['Basic realm="x", Bearer realm="https://a/t"'], bearer('https://a/t')],
  [['Basic realm="x"', 'Bearer realm="https://a/t"'], bearer('https://a/t')],
  [['Bearer service="no realm"', 'Basic realm="x"'], { scheme: 'basic' }],
  [['Bearer realm="with \\"quotes\\", and, commas"'], bearer('with "quotes", and, commas')],
  [['Negotiate abc==, Basic realm="x"'], { scheme: 'basic' }],
  [['Bearer realm="never closed'], bearer('"never')],
  [['"""'], undefined],
  [[`Bearer ${'a=",'.repeat(5000)}`], undefined],
];

for (const [headers, expected] of CHALLENGES) {
  test(`reads ${JSON.stringify(headers).slice(0, 70)}`, () => {
    assert.deepEqual(parseAuthChallenge(headers), expected);
  });
}
