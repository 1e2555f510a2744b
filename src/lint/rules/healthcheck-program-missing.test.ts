import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { healthcheckProgramMissing as rule } from './healthcheck-program-missing.ts';

describe('healthcheck-program-missing', () => {
  const found = (place: string, name: string, base: string) => [
    `${place} HEALTHCHECK calls ${name}, which ${base} does not have and no step installs.`,
  ];
  testFindings(rule, {
    'FROM alpine\nHEALTHCHECK CMD curl -f http://localhost/ || exit 1': found('2:17', 'curl', 'alpine'),
    'FROM debian:12-slim\nHEALTHCHECK CMD ["wget", "-q", "http://localhost/"]': found('2:17', 'wget', 'debian'),
    'FROM scratch\nHEALTHCHECK CMD ["curl", "http://localhost/"]': found('2:17', 'curl', 'scratch'),
    'FROM gcr.io/distroless/base\nHEALTHCHECK --interval=5s CMD ["sh", "-c", "true"]': found(
      '2:31',
      'sh',
      'distroless base',
    ),
    'FROM alpine\nHEALTHCHECK CMD ["bash", "-c", "true"]': found('2:17', 'bash', 'alpine'),
    'FROM alpine\nHEALTHCHECK CMD wget -q http://localhost/': [],
    'FROM alpine\nRUN apk add --no-cache curl\nHEALTHCHECK CMD curl -f http://localhost/': [],
    'FROM alpine\nRUN apk add $PACKAGES\nHEALTHCHECK CMD curl -f http://localhost/': [],
    'FROM alpine AS a\nRUN apk add curl\nFROM a\nHEALTHCHECK CMD curl -f http://localhost/': [],
    'FROM scratch\nCOPY --from=x /bin/wget /wget\nHEALTHCHECK CMD ["/wget", "http://localhost/"]': [],
    'FROM golang:1.26\nHEALTHCHECK CMD curl -f http://localhost/': [],
    'FROM example.com/own\nHEALTHCHECK CMD curl -f http://localhost/': [],
    'FROM scratch\nHEALTHCHECK CMD ["/app", "healthcheck"]': [],
  });
});
