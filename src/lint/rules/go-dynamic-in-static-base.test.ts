import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { goDynamicInStaticBase as rule } from './go-dynamic-in-static-base.ts';

const found = (place: string, base: string, line: number) => [
  `${place} go build with cgo links against the C library, and ${base} (line ${line}) has none: exec fails with "no such file or directory".`,
];

function dockerfile(build: string, base = 'scratch', golang = 'golang:1.26'): string {
  return `FROM ${golang} AS build\nWORKDIR /src\n${build}\nFROM ${base}\nCOPY --from=build /src/app /app\nCMD ["/app"]\n`;
}

describe('go-dynamic-in-static-base', () => {
  const builds: Readonly<Record<string, readonly string[]>> = {
    'RUN go build -o app': found('3:5', 'scratch', 5),
    'RUN GOOS=linux go build -o app': found('3:16', 'scratch', 5),
    'ENV CGO_ENABLED=1\nRUN go build -o app': found('4:5', 'scratch', 6),
    'RUN CGO_ENABLED=0 go build -o app': [],
    'ENV CGO_ENABLED=0\nRUN go build -o app': [],
    'RUN go build -ldflags "-linkmode external -extldflags -static" -o app': [],
    'RUN go build -tags netgo -o app': [],
    'RUN GOARCH=$TARGETARCH go build -o app': [],
    'RUN go build -o other': [],
    'RUN make': [],
  };
  for (const [build, expected] of Object.entries(builds)) {
    it(build, async () => assert.deepEqual(await messagesOf(rule, dockerfile(build)), expected));
  }

  const bases: Readonly<Record<string, readonly string[]>> = {
    'gcr.io/distroless/static-debian12:nonroot': found('3:5', 'distroless static', 5),
    'gcr.io/distroless/base-debian12': [],
    'alpine:3.22': [],
    'example.com/own': [],
  };
  for (const [base, expected] of Object.entries(bases)) {
    it(base, async () => assert.deepEqual(await messagesOf(rule, dockerfile('RUN go build -o app', base)), expected));
  }

  it('golang on alpine has no C compiler, and so no cgo, unless one is installed', async () => {
    const plain = dockerfile('RUN go build -o app', 'scratch', 'golang:1.26-alpine');
    assert.deepEqual(await messagesOf(rule, plain), []);
    const withGcc = dockerfile('RUN apk add gcc musl-dev\nRUN go build -o app', 'scratch', 'golang:1.26-alpine');
    assert.deepEqual(await messagesOf(rule, withGcc), found('4:5', 'scratch', 6));
  });

  it('turns cgo off in front of the build', async () => {
    assert.equal(
      await fixedBy(rule, dockerfile('RUN GOOS=linux go build -o app')),
      dockerfile('RUN CGO_ENABLED=0 GOOS=linux go build -o app'),
    );
  });
});
