import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { goNoCacheMount as rule } from './go-no-cache-mount.ts';

const MOUNTS = '--mount=type=cache,target=/root/.cache/go-build --mount=type=cache,target=/go/pkg/mod';

describe('go-no-cache-mount', () => {
  const found = (place: string) => [
    `${place} go build has no build cache of the last build: when its step runs, it compiles again what did not change.`,
  ];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'RUN go build -o /app': found('2:1'),
    'RUN go mod download\nRUN go build -o /a ./a && go build -o /b ./b': found('3:1'),
    'RUN --mount=type=cache,target=/root/.cache/go-build go build': [],
    'RUN go build -o /a ./a\nRUN go build -o /b ./b': found('2:1'),
    'RUN go install example.com/tool@v1\nRUN go build': found('3:1'),
    'RUN go vet\nRUN go build': [found('2:1')[0]?.replace('build', 'vet') ?? ''],
    'RUN go mod download': [],
    'RUN make': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () =>
      assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected),
    );
  }

  it('says how long the step took, where that is known', async () => {
    const options = { measured: (line: number) => (line === 2 ? 41_200 : undefined) };
    assert.deepEqual(await messagesOf(rule, 'FROM golang:1.26\nRUN go build\n', options), [
      '2:1 go build has no build cache of the last build: when its step runs, it compiles again what did not change; the step took 41 s the last time.',
    ]);
  });
});

describe('its fix', () => {
  const fixes: Readonly<Record<string, string>> = {
    'RUN go mod download\nRUN go build': `RUN ${MOUNTS} go mod download\nRUN ${MOUNTS} go build`,
    'ENV GOCACHE=/c\nRUN go build':
      'ENV GOCACHE=/c\nRUN --mount=type=cache,target=/c --mount=type=cache,target=/go/pkg/mod go build',
  };
  for (const [text, expected] of Object.entries(fixes)) {
    it(JSON.stringify(text), async () =>
      assert.equal(await fixedBy(rule, `FROM golang:1.26\n${text}\n`), `FROM golang:1.26\n${expected}\n`),
    );
  }

  for (const text of [
    'RUN go build && go clean -cache',
    'RUN go build && rm -rf /root/.cache/go-build',
    'USER app\nRUN go build',
    'RUN --mount=type=secret,id=x go mod download\nRUN go build',
    'RUN go build\nFROM alpine\nCOPY --from=0 /go/pkg/mod/x /x',
  ]) {
    it(`none for ${JSON.stringify(text)}`, async () => {
      const source = `FROM golang:1.26\n${text}\n`;
      assert.equal(await fixedBy(rule, source), source);
    });
  }
});
