import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messagesOf } from '../lint.fixture.ts';
import { goModTidyInBuild as rule } from './go-mod-tidy-in-build.ts';

describe('go-mod-tidy-in-build', () => {
  const found = (place: string, verb: string) => [
    `${place} go ${verb} writes go.mod inside the build, so that the image has dependencies that the repository does not name.`,
  ];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'RUN go mod tidy': found('2:5', 'mod tidy'),
    'RUN go mod init x && go build': found('2:5', 'mod init'),
    'RUN cd /src && go mod tidy -v': found('2:16', 'mod tidy'),
    'RUN go mod download': [],
    'RUN go mod verify': [],
    'RUN echo go mod tidy': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(text, async () => assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected));
  }
});
