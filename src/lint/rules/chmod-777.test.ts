import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { chmod777 as rule } from './chmod-777.ts';

const FOUND = {
  'RUN chmod 0777 /a': ['2:5 chmod 0777 lets every user of the container change these files.'],
  'RUN mkdir /a && chmod a+rwx /a': ['2:17 chmod a+rwx lets every user of the container change these files.'],
  'COPY --chmod=777 a /a': ['2:6 --chmod=777 lets every user of the container change these files.'],
  'RUN chmod -R a+w /x': ['2:5 chmod a+w lets every user of the container change these files.'],
  'RUN chmod 666 /etc/passwd': ['2:5 chmod 666 lets every user of the container change these files.'],
  'RUN chmod 755 /a': [],
  'RUN chmod 1777 /tmp': [],
  'RUN chmod 777 /tmp': [],
  'RUN chmod +x /a': [],
  'RUN chmod u+w /a': [],
  'COPY --chmod=755 a /a': [],
  'RUN echo 777': [],
};

describe('chmod-777', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
