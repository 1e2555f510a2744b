import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { goModuleMode as rule } from './go-module-mode.ts';

describe('go-module-mode', () => {
  const cases: Readonly<Record<string, readonly string[]>> = {
    'ENV GO111MODULE=on': ['2:5 GO111MODULE=on says what is the default since Go 1.16.'],
    'RUN GO111MODULE=on go build': ['2:5 GO111MODULE=on says what is the default since Go 1.16.'],
    'RUN go env -w GO111MODULE=on': ['2:15 GO111MODULE=on says what is the default since Go 1.16.'],
    'RUN go env -w GO111MODULE=auto': [],
    'ENV GO111MODULE=$MODE': [],
    'ENV GO111MODULE=off': ['2:5 GO111MODULE=off builds without go.mod, in the way that modules replaced.'],
    'ENV CGO_ENABLED=0': [],
    'FROM golang:1.13\nENV GO111MODULE=on': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () =>
      assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected),
    );
  }

  const fixes: Readonly<Record<string, string>> = {
    'ENV GO111MODULE=on\nRUN go build': 'RUN go build',
    'RUN CGO_ENABLED=0 GO111MODULE=on go build': 'RUN CGO_ENABLED=0 go build',
    'RUN export GO111MODULE=on && go build': 'RUN export GO111MODULE=on && go build',
    'ENV GO111MODULE=on CGO_ENABLED=0': 'ENV GO111MODULE=on CGO_ENABLED=0',
  };
  for (const [text, expected] of Object.entries(fixes)) {
    it(`${JSON.stringify(text)} becomes ${expected}`, async () =>
      assert.equal(await fixedBy(rule, `FROM golang:1.26\n${text}\n`), `FROM golang:1.26\n${expected}\n`));
  }
});
