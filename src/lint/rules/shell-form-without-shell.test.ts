import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { shellFormWithoutShell as rule } from './shell-form-without-shell.ts';

describe('shell-form-without-shell', () => {
  const found = (kind: string, place = '2:1', base = 'scratch') => [
    `${place} ${kind} in shell form needs /bin/sh, which ${base} does not have.`,
  ];
  testFindings(rule, {
    'FROM scratch\nENTRYPOINT /app serve': found('ENTRYPOINT'),
    'FROM scratch\nCMD /app': found('CMD'),
    'FROM scratch\nRUN echo': found('RUN'),
    'FROM gcr.io/distroless/static\nHEALTHCHECK CMD /app check': found('HEALTHCHECK', '2:1', 'distroless static'),
    'FROM scratch AS a\nFROM a\nCMD /app': found('CMD', '3:1'),
    'FROM scratch\nENTRYPOINT ["/app"]': [],
    'FROM scratch\nHEALTHCHECK NONE': [],
    'FROM gcr.io/distroless/static:debug\nCMD /app': [],
    'FROM alpine\nCMD /app': [],
    'FROM example.com/own\nCMD /app': [],
    'FROM scratch\nSHELL ["/x", "-c"]\nCMD /app': [],
    'FROM scratch\nADD rootfs.tar.gz /\nCMD /app': [],
    'FROM scratch\nCOPY --from=busybox /bin/sh /bin/sh\nCMD /app': [],
  });
  testFixes(
    rule,
    {
      'ENTRYPOINT /app  serve "a b"': 'ENTRYPOINT ["/app", "serve", "a b"]',
      'HEALTHCHECK --interval=5s CMD /app check': 'HEALTHCHECK --interval=5s CMD ["/app", "check"]',
      'CMD /app $PORT': 'CMD /app $PORT',
      'CMD /a && /b': 'CMD /a && /b',
    },
    { head: 'FROM scratch\n' },
  );
});
