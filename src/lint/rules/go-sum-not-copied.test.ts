import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findingsOf, fixedBy, messagesOf } from '../lint.fixture.ts';
import { goSumNotCopied as rule } from './go-sum-not-copied.ts';

describe('go-sum-not-copied', () => {
  const found = (place: string, mod = 'go.mod', sum = 'go.sum') => [
    `${place} ${mod} is copied without ${sum}: what go mod download fetches is compared with nothing.`,
  ];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'COPY go.mod .\nRUN go mod download': found('2:6'),
    'COPY api/go.mod ./\nRUN go mod download': found('2:6', 'api/go.mod', 'api/go.sum'),
    'COPY go.mod ./\nCOPY cmd cmd\nRUN go mod download\nCOPY . .': found('2:6'),
    'COPY go.mod go.sum ./\nRUN go mod download': [],
    'COPY go.mod .\nCOPY go.sum .\nRUN go mod download': [],
    'COPY go.* ./\nRUN go mod download': [],
    'COPY go.mod go.su[m] ./\nRUN go mod download': [],
    'COPY go.mod .\nCOPY . .\nRUN go mod download': [],
    'COPY . .\nRUN go mod download': [],
    'COPY go.mod .\nRUN --mount=type=bind,source=go.sum,target=go.sum go mod download': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () =>
      assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected),
    );
  }

  const source = 'FROM golang:1.26\nCOPY go.mod .\nRUN go mod download\n';
  it('copies it into the folder as well', async () => {
    const fixed = 'FROM golang:1.26\nCOPY go.mod go.sum ./\nRUN go mod download\n';
    assert.equal(await fixedBy(rule, source), fixed);
  });

  it('is safe where go.sum is there, and silent where it is not', async () => {
    const [finding] = await findingsOf(rule, source, { files: { 'go.mod': 'module x\n', 'go.sum': '' } });
    assert.equal(finding?.fix?.safety, 'safe');
    assert.deepEqual(await messagesOf(rule, source, { files: { 'go.mod': 'module x\n' } }), []);
  });
});
