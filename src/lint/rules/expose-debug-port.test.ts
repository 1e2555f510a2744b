import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { exposeDebugPort as rule } from './expose-debug-port.ts';

const FOUND = {
  'EXPOSE 80 2345/tcp': ['2:11 Port 2345 is that of Delve, the debugger of Go.'],
  'ARG PORT=9229\nEXPOSE $PORT': ["3:8 Port 9229 is that of Node.js's inspector."],
  'EXPOSE 8080': [],
  'EXPOSE 2345/udp': [],
  'EXPOSE 2345\nFROM scratch': [],
  'FROM debian:12 AS debug\nEXPOSE 2345': [],
};

describe('expose-debug-port', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
