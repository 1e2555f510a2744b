import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findingsOf, fixedBy, messagesOf } from '../lint.fixture.ts';
import { runAsRoot as rule } from './run-as-root.ts';

describe('run-as-root', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'FROM alpine\nCMD ["/app"]': ['1:6 No USER is set, and alpine runs as root.'],
    'FROM debian:12\nUSER app\nRUN x\nUSER root\nENTRYPOINT ["/app"]': [
      '4:1 USER root is the last: the program runs as root.',
    ],
    'FROM alpine\nUSER 0:0\nCMD ["/app"]': ['2:1 USER 0 is the last: the program runs as root.'],
    'FROM gcr.io/distroless/static\nCMD ["/app"]': ['1:6 No USER is set, and distroless static runs as root.'],
    'FROM alpine AS a\nUSER 0\nFROM a\nCMD ["/app"]': ['2:1 USER 0 is the last: the program runs as root.'],
    'FROM gcr.io/distroless/static:nonroot\nCMD ["/app"]': [],
    'FROM cgr.dev/chainguard/static\nCMD ["/app"]': [],
    'FROM alpine\nUSER app\nCMD ["/app"]': [],
    'FROM alpine\nUSER $APP\nCMD ["/app"]': [],
    'FROM example.com/own\nCMD ["/app"]': [],
    'FROM alpine': [],
    'FROM alpine AS dev\nCMD ["/app"]': [],
    'FROM alpine\nRUN apk add su-exec\nENTRYPOINT ["/start.sh"]': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () => assert.deepEqual(await messagesOf(rule, `${text}\n`), expected));
  }

  it('is milder where nothing else is in the image', async () => {
    const severityOf = async (base: string) => (await findingsOf(rule, `FROM ${base}\nCMD ["/app"]\n`))[0]?.severity;
    assert.equal(await severityOf('scratch'), 'info');
    assert.equal(await severityOf('alpine'), 'warning');
  });

  it('sets a number as user, where files are only copied', async () => {
    const text = 'FROM scratch\nCOPY app /\nENTRYPOINT ["/app"]\n';
    assert.equal(await fixedBy(rule, text), 'FROM scratch\nCOPY app /\nUSER 65532:65532\nENTRYPOINT ["/app"]\n');
    assert.equal(await fixedBy(rule, 'FROM alpine\nCMD ["/app"]\n'), 'FROM alpine\nCMD ["/app"]\n');
  });
});
