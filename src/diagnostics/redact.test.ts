import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redactUrls } from './redact.ts';

for (const [text, expected] of [
  ['get https://u:p@host/a@b', 'get https://***@host/a@b'],
  ['"https://token@host", then a@b', '"https://***@host", then a@b'],
  ['https://u:p@ss@host?x=1@2', 'https://***@host?x=1@2'],
  ['https://host/a?X-Amz-Signature=abc&page=2', 'https://host/a?X-Amz-Signature=***&page=2'],
] as const) {
  test(`no credentials of ${text}`, () => assert.equal(redactUrls(text), expected));
}

/** With one look at the rest for each character this would take minutes. */
test('a long text is read once', () => {
  for (const part of ['a', '?', '?token', 'a://']) {
    const text = part.repeat(1_000_000 / part.length);
    assert.equal(redactUrls(text), text);
  }
});
