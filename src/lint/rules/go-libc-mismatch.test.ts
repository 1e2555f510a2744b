import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messagesOf } from '../lint.fixture.ts';
import { goLibcMismatch as rule } from './go-libc-mismatch.ts';

function dockerfile(golang: string, build: string, final: string): string {
  return `FROM ${golang} AS build\n${build}\nFROM ${final}\nCOPY --from=build /app /app\n`;
}

describe('go-libc-mismatch', () => {
  const onMusl = (line: number) => [
    `${line}:19 cgo is on, so that net, os/user and C code link against glibc (golang): such a binary does not start on musl (alpine).`,
  ];
  const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
    ['golang:1.26', 'RUN go build -o /app', 'alpine', onMusl(4)],
    ['golang:1.26-bookworm', 'RUN go build -o /app', 'alpine:3.22', onMusl(4)],
    ['golang:1.26', 'RUN go build -o /app', 'alpine\nRUN apk add tzdata', onMusl(5)],
    [
      'golang:1.26-alpine',
      'RUN apk add build-base && CGO_ENABLED=1 go build -o /app',
      'debian:12-slim',
      [
        '4:19 cgo is on, so that net, os/user and C code link against musl (golang): such a binary does not start on glibc (debian).',
      ],
    ],
    ['golang:1.26', 'RUN CGO_ENABLED=0 go build -o /app', 'alpine', []],
    ['golang:1.26', 'RUN go build -o /app', 'alpine\nRUN apk add libc6-compat', []],
    ['golang:1.26', 'RUN go build -o /app', 'debian:12', []],
    ['golang:1.26-alpine', 'RUN go build -o /app', 'debian:12', []],
    ['golang:1.26', 'RUN go build -o /app', 'example.com/own', []],
  ];
  for (const [golang, build, final, expected] of cases) {
    it(`${golang}, ${build}, ${JSON.stringify(final)}`, async () =>
      assert.deepEqual(await messagesOf(rule, dockerfile(golang, build, final)), expected));
  }
});
