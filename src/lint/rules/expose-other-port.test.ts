import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messagesOf } from '../lint.fixture.ts';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { exposeOtherPort as rule } from './expose-other-port.ts';

const server = (address: string) => ({
  'go.mod': 'module example.com/app\n\ngo 1.26\n',
  'main.go': `package main\n\nimport (\n\t"net/http"\n\t"os"\n)\n\nvar _ = os.Args\n\nfunc main() {\n\thttp.ListenAndServe(${address}, nil)\n}\n`,
});
const head = 'FROM golang:1.26 AS build\nRUN go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\n';

describe('expose-other-port', () => {
  const options = { head, files: server('":8080"') };
  testFindings(
    rule,
    {
      'EXPOSE 80': ['5:8 EXPOSE 80, but main.go:11 listens on 8080.'],
      'EXPOSE 8080': [],
      'EXPOSE 9090 8080': [],
      'EXPOSE 8000-9000': [],
      'EXPOSE $PORT': [],
      'CMD ["/app"]': [],
    },
    options,
  );
  testFixes(rule, { 'EXPOSE 80/tcp': 'EXPOSE 8080/tcp', 'EXPOSE 80 81': 'EXPOSE 80 81' }, options);

  it('silent where a variable decides', async () => {
    const files = server('":" + os.Getenv("PORT")');
    assert.deepEqual(await messagesOf(rule, `${head}EXPOSE 80\n`, { files }), []);
  });
});
