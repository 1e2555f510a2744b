import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { platformArgUndeclared as rule } from './platform-arg-undeclared.ts';

describe('platform-arg-undeclared', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'RUN GOARCH=$TARGETARCH go build': ['2:1 TARGETARCH is empty here: the stage has no ARG for it.'],
    'RUN GOOS=${TARGETOS} GOARCH=${TARGETARCH} go build': [
      '2:1 TARGETOS and TARGETARCH are empty here: the stage has no ARG for them.',
    ],
    'RUN go build\nARG TARGETARCH\nFROM golang\nRUN echo $TARGETARCH': [
      '5:1 TARGETARCH is empty here: the stage has no ARG for it.',
    ],
    'RUN echo $TARGETARCH\nARG TARGETARCH': ['2:1 TARGETARCH is empty here: the stage has no ARG for it.'],
    'ARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build': [],
    'ARG TARGETARCH\nFROM 0\nRUN echo $TARGETARCH': [],
    'RUN TARGETARCH=$(uname -m); echo $TARGETARCH': [],
    'RUN GOARCH=${TARGETARCH:-amd64} go build': [],
    'RUN echo $TARGETARCHIVE $TARGET_ARCH': [],
    'ENV TARGETOS=linux\nRUN GOOS=$TARGETOS go build': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    const source = `FROM golang:1.26 AS one\n${text.replace('FROM 0', 'FROM one')}\n`;
    it(JSON.stringify(text), async () => assert.deepEqual(await messagesOf(rule, source), expected));
  }

  it('one before FROM does not count', async () => {
    const source = 'ARG TARGETARCH\nFROM golang\nRUN echo $TARGETARCH\n';
    assert.equal((await messagesOf(rule, source)).length, 1);
  });

  it('declares them in front of the RUN', async () => {
    const fixed = await fixedBy(rule, 'FROM golang\nRUN echo $TARGETOS/$TARGETARCH\n');
    assert.equal(fixed, 'FROM golang\nARG TARGETOS TARGETARCH\nRUN echo $TARGETOS/$TARGETARCH\n');
  });
});
