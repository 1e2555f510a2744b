import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { goToolchainShipped as rule } from './go-toolchain-shipped.ts';

describe('go-toolchain-shipped', () => {
  const found = (size: string, place = '1:6') => [
    `${place} The program ships on golang, with about ${size} of compiler, standard library and tools that it never uses.`,
  ];
  testFindings(rule, {
    'FROM golang:1.26\nRUN go build -o /app\nCMD ["/app"]': found('800 MB'),
    'FROM golang:1.26-alpine\nRUN go build -o /app\nENTRYPOINT /app': found('250 MB'),
    'FROM golang:1.26 AS a\nRUN go build -o /app\nFROM a\nCMD ["/app"]': found('800 MB', '3:6'),
    'FROM golang:1.26\nRUN go build -o /app\nFROM scratch\nCOPY --from=0 /app /app\nCMD ["/app"]': [],
    'FROM golang:1.26\nRUN go build -o /app\nCMD ["go", "test"]': [],
    'FROM golang:1.26\nRUN go build -o /app': [],
    'FROM golang:1.26\nCMD ["/app"]': [],
    'FROM golang:1.26 AS dev\nRUN go build -o /app\nCMD ["/app"]': [],
  });
});
