import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { packagesNotVerified as rule } from './packages-not-verified.ts';

const FOUND = {
  'RUN apt-get install -y --force-yes a': ['2:24 apt-get --force-yes installs packages that nobody has signed.'],
  'RUN apk add --allow-untrusted a': ['2:13 apk --allow-untrusted installs packages that nobody has signed.'],
  'RUN yum install -y --nogpgcheck a': ['2:20 yum --nogpgcheck installs packages that nobody has signed.'],
  'RUN zypper --no-gpg-checks in a': ['2:12 zypper --no-gpg-checks installs packages that nobody has signed.'],
  'RUN apk add --allow-untrusted /tmp/glibc.apk': [],
  'RUN apt-get install -y a': [],
  'RUN yum install -y --nogpgcheck ./a.rpm': [],
};

describe('packages-not-verified', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
