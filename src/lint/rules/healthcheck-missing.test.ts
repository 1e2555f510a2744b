import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { healthcheckMissing as rule } from './healthcheck-missing.ts';

const found = (place: string) => [`${place} The image is a service (EXPOSE says it listens) and has no HEALTHCHECK.`];

describe('healthcheck-missing', () => {
  testFindings(rule, {
    'FROM alpine:3.22\nEXPOSE 80\nCMD ["/app"]': found('3:1'),
    'FROM alpine:3.22 AS a\nEXPOSE 80\nFROM a\nENTRYPOINT ["/app"]': found('4:1'),
    'FROM alpine:3.22\nEXPOSE 80\nHEALTHCHECK NONE\nCMD ["/app"]': [],
    'FROM alpine:3.22\nEXPOSE 80\nHEALTHCHECK CMD wget -q localhost\nCMD ["/app"]': [],
    'FROM alpine:3.22\nCMD ["/app"]': [],
    'FROM alpine:3.22\nEXPOSE 80': [],
    'FROM example.com/base:1\nEXPOSE 80\nCMD ["/app"]': [],
    'FROM alpine:3.22 AS dev\nEXPOSE 80\nCMD ["/app"]': [],
  });
  testFindings(
    rule,
    {
      'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\nENTRYPOINT ["/app"]':
        ['7:1 The image is a service (main.go:5 opens a port) and has no HEALTHCHECK.'],
    },
    {
      files: {
        'go.mod': 'module example.com/app\n\ngo 1.26\n',
        'main.go': 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":8080", nil) }\n',
      },
    },
  );
  testFixes(rule, {
    'FROM alpine:3.22\nEXPOSE 80\nCMD ["/app"]': 'FROM alpine:3.22\nEXPOSE 80\nHEALTHCHECK NONE\nCMD ["/app"]',
  });
});
