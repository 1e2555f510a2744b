import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { stopSignalNotHandled as rule } from './stop-signal-not-handled.ts';

const server = (signal?: string, imports = '') => ({
  files: {
    'go.mod': 'module example.com/app\n\ngo 1.26\n',
    'main.go': `package main\n\nimport (\n\t"net/http"\n\t"os"\n\t"os/signal"\n\t"syscall"\n${imports})\n\nvar _ = syscall.Getpid\n\nfunc main() {\n${signal ? `\tc := make(chan os.Signal, 1)\n\tsignal.Notify(c, ${signal})\n` : ''}\thttp.ListenAndServe(":8080", nil)\n}\n`,
  },
});
const dockerfile = (rest: string) =>
  `FROM golang:1.26 AS build\nRUN go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\n${rest}\n`;
const COMMAND = 'ENTRYPOINT ["/app"]';

describe('stop-signal-not-handled', () => {
  const found = async (rest: string, options: ReturnType<typeof server>) => messagesOf(rule, dockerfile(rest), options);

  it('where nothing is waited for', async () =>
    assert.deepEqual(await found(COMMAND, server()), [
      '5:1 The container is stopped by SIGTERM, which the program does not wait for.',
    ]));
  it('where another signal is', async () => {
    assert.deepEqual(await found(COMMAND, server('os.Interrupt')), [
      '5:1 The container is stopped by SIGTERM, which the program does not wait for: it waits for SIGINT.',
    ]);
    assert.deepEqual(await found(`STOPSIGNAL SIGQUIT\n${COMMAND}`, server('syscall.SIGTERM')), [
      '5:1 The container is stopped by SIGQUIT, which the program does not wait for: it waits for SIGTERM.',
    ]);
  });
  it('silent where it is', async () => {
    assert.deepEqual(await found(COMMAND, server('os.Interrupt, syscall.SIGTERM')), []);
    assert.deepEqual(await found(`STOPSIGNAL INT\n${COMMAND}`, server('os.Interrupt')), []);
  });
  it('silent where a dependency may wait for it', async () =>
    assert.deepEqual(await found(COMMAND, server(undefined, '\t_ "github.com/a/server"\n')), []));
  it('stops with SIGINT where that is waited for', async () =>
    assert.equal(
      await fixedBy(rule, dockerfile(COMMAND), server('os.Interrupt')),
      dockerfile(`STOPSIGNAL SIGINT\n${COMMAND}`),
    ));
});
