import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';

describe('the program that a build compiles', () => {
  const build = (text: string) =>
    `FROM golang:1.26 AS build\nWORKDIR /src\n${text}\nFROM debian:12\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]`;
  const found = (line: number) => [`${line}:1 The image is a service (main.go:5 opens a port) and has no HEALTHCHECK.`];
  const main = (body: string) => `package main\n\nimport "net/http"\n\nfunc main() { ${body} }\n`;
  testFindings(
    { name: 'healthcheck-missing' },
    {
      [build('COPY . .\nRUN go build -o /app .')]: found(7),
      [build('COPY . .\nRUN go build -o /app main.go')]: found(7),
      [build('COPY . .\nRUN cd cmd/tool && go build -o /app')]: [],
      [build('COPY . .\nWORKDIR /src/cmd/tool\nRUN go build -o /app')]: [],
      [build('COPY . .\nRUN go build -o /app ./cmd/tool')]: [],
      [build('COPY . .\nRUN go build -o /app other.go')]: [],
      [build('COPY . /src/cmd\nWORKDIR cmd\nRUN go build -o /app')]: found(8),
    },
    {
      files: {
        'go.mod': 'module example.com/app\n\ngo 1.26\n',
        'main.go': main('http.ListenAndServe(":8080", nil)'),
        'cmd/tool/main.go': main('http.Get("https://example.com")'),
      },
    },
  );
});
