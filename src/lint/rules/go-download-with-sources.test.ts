import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findingsOf, fixedBy, messagesOf } from '../lint.fixture.ts';
import { goDownloadWithSources as rule } from './go-download-with-sources.ts';

const MODULE = { 'go.mod': 'module x\nrequire a.b/c v1.0.0\n', 'go.sum': '' };

describe('go-download-with-sources', () => {
  const found = (place: string) => [
    `${place} Modules (unless vendor/ holds them) are downloaded by go build after all sources are copied: any changed file downloads them again.`,
  ];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'COPY . .\nRUN go build': found('2:1'),
    'COPY . .\nRUN go build -o /a ./a\nRUN go build -o /b ./b': found('2:1'),
    'COPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build': [],
    'COPY . .\nRUN go mod download\nRUN go build': [],
    'COPY . .\nRUN --mount=type=cache,target=/go/pkg/mod go build': [],
    'COPY . .\nRUN go build -mod=vendor': [],
    'ENV GOFLAGS=-mod=vendor\nCOPY . .\nRUN go build': [],
    'COPY main.go .\nRUN go build': [],
    'COPY --from=modules /go/pkg /go/pkg\nCOPY . .\nRUN go build': [],
    'COPY . .\nRUN make': [],
    'FROM golang:1.15\nCOPY . .\nRUN go build': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () =>
      assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected),
    );
  }

  const source = 'FROM golang:1.26\nWORKDIR /src\nCOPY . .\nRUN go build\n';
  it('silent where nothing is downloaded', async () => {
    const contexts: readonly Record<string, string>[] = [
      { 'go.mod': 'module x\n' },
      { ...MODULE, 'vendor/modules.txt': '' },
      { 'main.go': '' },
    ];
    for (const files of contexts) assert.deepEqual(await messagesOf(rule, source, { files }), []);
  });

  it('puts the download before the sources', async () => {
    const fixed = await fixedBy(rule, source, { files: MODULE });
    assert.equal(
      fixed,
      'FROM golang:1.26\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build\n',
    );
    const [finding] = await findingsOf(rule, source, { files: MODULE });
    assert.equal(finding?.fix?.safety, 'safe');
  });
});
