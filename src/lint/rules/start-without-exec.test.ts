import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { startWithoutExec as rule } from './start-without-exec.ts';

const found = (place: string, program: string) => [
  `${place} ${program} stays process 1 and gets the stop signal, which it does not pass on to what it started.`,
];

const FOUND = {
  'ENTRYPOINT ["sh", "-c", "migrate up && server"]': found('2:12', 'sh'),
  'CMD ["/bin/bash", "-lc", "nginx & app"]': found('2:5', '/bin/bash'),
  'CMD ["sh", "-c", "migrate up && exec server"]': [],
  'CMD ["sh", "-c", "server $FLAGS"]': [],
  'CMD ["sh", "-c", "a & b & wait"]': [],
  'CMD ["server", "-c", "a;b"]': [],
  'CMD ["sh", "start.sh"]': [],
  'CMD ["sh", "-c", "a; b"]\nFROM scratch': [],
};

describe('start-without-exec', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
