import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { exposeSsh as rule } from './expose-ssh.ts';

const FOUND = {
  'EXPOSE 80 22/tcp': ['2:11 Port 22 is that of an SSH server.'],
  'EXPOSE 2222': [],
  'EXPOSE 22/udp': [],
  'EXPOSE 22\nFROM scratch': [],
};

describe('expose-ssh', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
