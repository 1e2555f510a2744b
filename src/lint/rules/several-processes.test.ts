import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { severalProcesses as rule } from './several-processes.ts';

const background = (place: string) => [
  `${place} What is started in the background may end, and nothing notices: the container lives as long as its last command.`,
];

const FOUND = {
  'CMD redis-server & /app': background('2:5'),
  'ENTRYPOINT ["sh", "-c", "redis-server & exec /app"]': background('2:12'),
  'ENTRYPOINT ["/usr/bin/supervisord", "-n"]': [
    '2:12 supervisord keeps several programs in one container, and runs on when one of them has failed.',
  ],
  'CMD supervisord -c /etc/x.conf': [
    '2:5 supervisord keeps several programs in one container, and runs on when one of them has failed.',
  ],
  'CMD ["sh", "-c", "sleep infinity & wait"]': [],
  'CMD migrate && /app': [],
  'CMD /app > /log 2>&1': [],
  'CMD /app &> /log': [],
  'CMD curl "http://x/?a=1&b=2"': [],
  'CMD curl http://x/?a=1\\&b=2': [],
  'ENTRYPOINT ["/app", "a & b"]': [],
  'CMD supervisord\nCMD /app': [],
};

describe('several-processes', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
