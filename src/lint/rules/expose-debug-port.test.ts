import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { exposeDebugPort as rule } from './expose-debug-port.ts';

const FOUND = {
  'EXPOSE 80 2345/tcp': ['2:11 Port 2345 is that of Delve, the debugger of Go.'],
  'ARG PORT=9229\nEXPOSE $PORT': ["3:8 Port 9229 is that of Node.js's inspector."],
  'EXPOSE 5678': [],
  'FROM python:3.13\nEXPOSE 5678': ['3:8 Port 5678 is that of debugpy, the debugger of Python.'],
  'EXPOSE 8080': [],
  'EXPOSE 2345/udp': [],
  'EXPOSE 2345\nFROM scratch': [],
  'FROM debian:12 AS debug\nEXPOSE 2345': [],
};

describe('expose-debug-port', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });

  const listens = (port: number) => ({
    head: 'FROM golang:1.26 AS build\nRUN go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\n',
    files: {
      'go.mod': 'module example.com/app\n\ngo 1.26\n',
      'main.go': `package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":${port}", nil) }\n`,
    },
  });
  describe('the port of the program itself', () => testFindings(rule, { 'EXPOSE 5678': [] }, listens(5678)));
  describe('beside the port of the program', () =>
    testFindings(
      rule,
      { 'EXPOSE 8080 2345': ['5:13 Port 2345 is that of Delve, the debugger of Go.'] },
      listens(8080),
    ));
});
