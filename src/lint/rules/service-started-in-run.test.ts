import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { serviceStartedInRun as rule } from './service-started-in-run.ts';

const FOUND = {
  'RUN apt-get install -y nginx && service nginx start': [
    '2:33 service starts nginx in a step that ends at once: it will not run in the container.',
  ],
  'RUN systemctl restart sshd && b': [
    '2:5 systemctl starts sshd in a step that ends at once: it will not run in the container.',
  ],
  'RUN service mysql start && mysql -e "create database a"': [],
  'RUN systemctl enable nginx': [],
  'CMD service nginx start': [],
};

describe('service-started-in-run', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
