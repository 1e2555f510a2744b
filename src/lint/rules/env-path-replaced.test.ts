import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { envPathReplaced as rule } from './env-path-replaced.ts';

const FOUND = {
  'ENV A=1 PATH="/a:/b"': ['2:14 PATH becomes "/a:/b" and loses the directories of the base image.'],
  'ENV PATH=/a:$PATH': [],
  'ENV PATH=/usr/local/bin:/usr/bin:/bin': [],
  'ENV PATH=$HOME/bin': [],
  'FROM scratch\nENV PATH=/a': [],
};

describe('env-path-replaced', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
