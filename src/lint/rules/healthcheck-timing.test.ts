import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { healthcheckTiming as rule } from './healthcheck-timing.ts';

describe('healthcheck-timing', () => {
  const late = (timeout: string, interval: string, place = '2:13') => [
    `${place} --timeout=${timeout} is longer than the interval of ${interval}: a program that hangs is noticed late.`,
  ];
  testFindings(
    rule,
    {
      'HEALTHCHECK --timeout=1m --interval=10s CMD ["/app"]': late('1m', '10s'),
      'HEALTHCHECK --timeout=31s CMD ["/app"]': late('31s', '30s'),
      'HEALTHCHECK --start-interval=1s CMD ["/app"]': [
        '2:13 --start-interval=1s has no effect without --start-period.',
      ],
      'HEALTHCHECK --retries=0 CMD ["/app"]': ['2:13 --retries=0 means the default, 3.'],
      'HEALTHCHECK --timeout=3s --interval=30s --retries=3 CMD ["/app"]': [],
      'HEALTHCHECK --timeout=5s --interval=5s CMD ["/app"]': [],
      'HEALTHCHECK --start-period=10s --start-interval=1s CMD ["/app"]': [],
      'HEALTHCHECK NONE': [],
    },
    { head: 'FROM scratch\n' },
  );
});
