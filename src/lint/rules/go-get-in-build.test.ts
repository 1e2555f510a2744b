import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { goGetInBuild as rule } from './go-get-in-build.ts';

describe('go-get-in-build', () => {
  const whole = ['2:8 go get may edit go.mod inside the build, where nobody sees what changed.'];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'RUN go get -d -v ./...': whole,
    'RUN go get': whole,
    'RUN go get github.com/a/b': [
      '2:8 go get github.com/a/b is for changing go.mod; since Go 1.18 it installs no program.',
    ],
    'FROM golang:1.13\nRUN go get github.com/a/b': [],
    'RUN go get -tool example.com/x@v1': [],
    'RUN go install example.com/x@v1': [],
    'RUN go mod download': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(text, async () => assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected));
  }

  const text = 'FROM golang:1.26\nRUN go get -d -v ./... && go build\n';
  it('downloads instead, where there is a go.mod', async () => {
    const fixed = await fixedBy(rule, text, { files: { 'go.mod': 'module x\n' } });
    assert.equal(fixed, 'FROM golang:1.26\nRUN go mod download && go build\n');
  });
  it('has no fix without one', async () => assert.equal(await fixedBy(rule, text, { files: {} }), text));
});
