import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { goOutputNotCopied as rule } from './go-output-not-copied.ts';

function dockerfile(build: string, copy: string): string {
  return `FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\n${build}\nFROM scratch\nCOPY --from=build ${copy}\n`;
}

describe('go-output-not-copied', () => {
  const found = (source: string, output: string) => [
    `6:19 Nothing is at ${source}: go build writes ${output} (line 4).`,
  ];
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['RUN go build -o server ./cmd/server', '/server /', found('/server', '/src/server')],
    ['RUN go build -o /bin/server .', '/bin/app /app', found('/bin/app', '/bin/server')],
    ['RUN go build -o server .', '/src/server /', []],
    ['RUN go build -o server .', 'src/server /', []],
    ['RUN go build -o server .', '/src/ /', []],
    ['RUN go build -o server . && mv server /server', '/server /', []],
    ['RUN go build -o server . && make', '/server /', []],
    ['RUN go build -o server .', '/server* /', []],
    ['RUN go build -o $NAME .', '/server /', []],
    ['RUN go build -o server .', '/etc/passwd /etc/', []],
    ['RUN go build .', '/server /', []],
  ];
  for (const [build, copy, expected] of cases) {
    it(`${build}, ${copy}`, async () => assert.deepEqual(await messagesOf(rule, dockerfile(build, copy)), expected));
  }

  it('copies what was built', async () => {
    const build = 'RUN go build -o server .';
    assert.equal(await fixedBy(rule, dockerfile(build, '/server /')), dockerfile(build, '/src/server /'));
  });
});
