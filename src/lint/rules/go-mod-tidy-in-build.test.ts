import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messagesOf } from '../lint.fixture.ts';
import { goModTidyInBuild as rule } from './go-mod-tidy-in-build.ts';

describe('go-mod-tidy-in-build', () => {
  const tidies = (place: string) => [
    `${place} go mod tidy may write go.mod and go.sum inside the build: the image then has dependencies that the repository does not name.`,
  ];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'RUN go mod tidy': tidies('2:5'),
    'RUN go mod init x && go build': [
      '2:5 go mod init writes go.mod inside the build: the repository says neither the module nor its version of Go.',
    ],
    'RUN cd /src && go mod tidy -v': tidies('2:16'),
    'RUN --mount=type=bind,target=.,rw go mod tidy': [],
    'RUN go mod download': [],
    'RUN go mod verify': [],
    'RUN echo go mod tidy': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(text, async () => assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected));
  }
});
