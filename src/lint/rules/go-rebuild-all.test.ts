import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { goRebuildAll as rule } from './go-rebuild-all.ts';

describe('go-rebuild-all', () => {
  const found = (place: string, verb = 'build') => [
    `${place} go ${verb} -a compiles every package again and takes nothing from the build cache.`,
  ];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'RUN go build -a -o /app .': found('2:14'),
    'RUN CGO_ENABLED=0 \\\n  go install -a ./cmd/app': found('3:14', 'install'),
    'RUN ["go", "build", "-a"]': found('2:5'),
    'RUN go build -o /app .': [],
    'RUN go build -asan .': [],
    'RUN go mod download -a': [],
    'RUN ls -a && go build': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(text, async () => assert.deepEqual(await messagesOf(rule, `FROM golang:1.26\n${text}\n`), expected));
  }

  it('takes the flag away, wherever it stands on its line', async () => {
    const fixed = await fixedBy(
      rule,
      'FROM golang:1.26\nRUN go build -a -o /a . && go build \\\n    -a \\\n    -o /b\n',
    );
    assert.equal(fixed, 'FROM golang:1.26\nRUN go build -o /a . && go build \\\n    \\\n    -o /b\n');
  });

  it('has no fix for the exec form', async () => {
    const text = 'FROM golang:1.26\nRUN ["go", "build", "-a"]\n';
    assert.equal(await fixedBy(rule, text), text);
  });
});
