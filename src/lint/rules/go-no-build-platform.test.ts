import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findingsOf, fixedBy, messagesOf } from '../lint.fixture.ts';
import { goNoBuildPlatform as rule } from './go-no-build-platform.ts';

const END = '\nFROM scratch\nCOPY --from=0 /app /app\n';

describe('go-no-build-platform', () => {
  const found = [
    '1:6 FROM golang:1.26 without --platform=$BUILDPLATFORM runs the compiler under emulation for every other platform.',
  ];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'FROM golang:1.26\nARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build': found,
    'FROM golang:1.26\nARG TARGETARCH\nENV GOARCH=${TARGETARCH}\nRUN go build': found,
    'FROM --platform=$BUILDPLATFORM golang:1.26\nARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build': [],
    'FROM golang:1.26\nRUN GOARCH=amd64 go build': [],
    'FROM golang:1.26\nRUN go build': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () => assert.deepEqual(await messagesOf(rule, text + END), expected));
  }

  it('adds the flag; safe where C plays no part', async () => {
    const text = (cgo: string) => `FROM golang:1.26\nARG TARGETARCH\nRUN ${cgo}GOARCH=$TARGETARCH go build${END}`;
    const fixed = text('').replace('FROM golang', 'FROM --platform=$BUILDPLATFORM golang');
    assert.equal(await fixedBy(rule, text('')), fixed);
    assert.equal((await findingsOf(rule, text('')))[0]?.fix?.safety, 'suggested');
    assert.equal((await findingsOf(rule, text('CGO_ENABLED=0 ')))[0]?.fix?.safety, 'safe');
  });
});
