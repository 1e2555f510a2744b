import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findingsOf, fixedBy, messagesOf } from '../lint.fixture.ts';
import { goSourcesBeforeDownload as rule } from './go-sources-before-download.ts';

const MODULE = { 'go.mod': 'module x\nrequire a.b/c v1.0.0\n', 'go.sum': '' };

describe('go-sources-before-download', () => {
  const found = (place: string, copy: string) => [
    `${place} ${copy} stands before go mod download: any changed file downloads every module again.`,
  ];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'COPY . .\nRUN go mod download': found('2:1', 'COPY . .'),
    'COPY . /src/\nRUN apk add git\nRUN go mod download && go build': found('2:1', 'COPY . /src/'),
    'COPY ./ ./\nRUN go mod download\nFROM scratch': found('2:1', 'COPY ./ ./'),
    'COPY go.mod go.sum ./\nCOPY . .\nRUN go mod download': [],
    'COPY go.* ./\nRUN go mod download\nCOPY . .': [],
    'COPY --from=x . .\nRUN go mod download': [],
    'COPY cmd cmd\nRUN go mod download': [],
    'COPY . .\nRUN --mount=type=cache,target=/go/pkg/mod go mod download': [],
    'COPY . .\nRUN go build': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () =>
      assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected),
    );
  }
});

describe('its fix', () => {
  const fixes: Readonly<Record<string, string>> = {
    '# all of it\nCOPY . .\nRUN go mod download\nRUN go build':
      'COPY go.mod go.sum ./\nRUN go mod download\n# all of it\nCOPY . .\nRUN go build',
    'COPY . /src\nRUN go mod download': 'COPY go.mod go.sum /src/\nRUN go mod download\nCOPY . /src',
    'COPY . .\nRUN go mod download && go build': 'COPY . .\nRUN go mod download && go build',
    'COPY --chown=1 . .\nRUN go mod download': 'COPY --chown=1 . .\nRUN go mod download',
  };
  for (const [text, expected] of Object.entries(fixes)) {
    it(JSON.stringify(text), async () => {
      const fixed = await fixedBy(rule, `FROM golang:1.26\n${text}\n`, { files: MODULE });
      assert.equal(fixed, `FROM golang:1.26\n${expected}\n`);
    });
  }

  const text = 'FROM golang:1.26\nCOPY . .\nRUN go mod download\n';
  const safetyWith = async (files?: Record<string, string>) =>
    (await findingsOf(rule, text, files && { files }))[0]?.fix?.safety;

  it('is safe where the module is known and needs no other folder', async () => {
    assert.equal(await safetyWith(MODULE), 'safe');
    assert.equal(await safetyWith({ ...MODULE, 'go.mod': 'module x\nreplace a => ../a\n' }), 'suggested');
    assert.equal(await safetyWith(), 'suggested');
    assert.equal(await safetyWith({ ...MODULE, 'go.work': '' }), undefined);
  });

  it('names go.sum only where there is one', async () => {
    const fixed = await fixedBy(rule, text, { files: { 'go.mod': 'module x\n' } });
    assert.equal(fixed, 'FROM golang:1.26\nCOPY go.mod ./\nRUN go mod download\nCOPY . .\n');
  });
});
