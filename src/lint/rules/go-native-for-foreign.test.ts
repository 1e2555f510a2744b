import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { goNativeForForeign as rule } from './go-native-for-foreign.ts';

const END = '\nFROM scratch\nCOPY --from=0 /app /app\n';

describe('go-native-for-foreign', () => {
  const found = (place: string) => [
    `${place} go build compiles for the machine that builds: an image for another platform gets that binary.`,
  ];
  const base = 'FROM --platform=$BUILDPLATFORM golang:1.26\n';
  const cases: Readonly<Record<string, readonly string[]>> = {
    [`${base}RUN go build -o /app`]: found('2:5'),
    [`${base}RUN CGO_ENABLED=0 go build -o /app`]: found('2:5'),
    [`${base}ARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build -o /app`]: [],
    [`${base}ARG TARGETPLATFORM\nRUN export GOARCH=\${TARGETPLATFORM#*/}; go build -o /app`]: [],
    [`${base}RUN xx-go --wrap && go build -o /app`]: [],
    'FROM golang:1.26\nRUN go build -o /app': [],
    'FROM --platform=linux/amd64 golang:1.26\nRUN go build -o /app': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () => assert.deepEqual(await messagesOf(rule, text + END), expected));
  }

  it('sets the platform in front of the build', async () => {
    const fixed = await fixedBy(rule, `${base}RUN CGO_ENABLED=0 go build -o /app${END}`);
    const run = 'ARG TARGETOS TARGETARCH\nRUN GOOS=$TARGETOS GOARCH=$TARGETARCH CGO_ENABLED=0 go build -o /app';
    assert.equal(fixed, `${base}${run}${END}`);
  });
});
