import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messagesOf } from '../lint.fixture.ts';
import { goCgoDisabled as rule } from './go-cgo-disabled.ts';

const files = (path: string) => ({
  files: {
    'go.mod': `module example.com/app\n\ngo 1.26\n\nrequire ${path} v1.14.0\n`,
    'main.go': `package main\n\nimport _ "${path}"\n\nfunc main() {}\n`,
  },
});
const SQLITE = 'github.com/mattn/go-sqlite3';

describe('go-cgo-disabled', () => {
  const found = async (run: string, path = SQLITE) => messagesOf(rule, `FROM golang:1.26\n${run}\n`, files(path));

  it('where a module needs C', async () => {
    const message = `2:5 main.go:3 uses ${SQLITE}, which does not work with CGO_ENABLED=0.`;
    assert.deepEqual(await found('RUN CGO_ENABLED=0 go build -o /app .'), [message]);
  });
  it('silent with cgo, and for other modules', async () => {
    assert.deepEqual(await found('RUN go build -o /app .'), []);
    assert.deepEqual(await found('RUN CGO_ENABLED=0 go build -o /app .', 'modernc.org/sqlite'), []);
  });
});
