import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { systemUpgrade as rule } from './system-upgrade.ts';

const FOUND = {
  'RUN apt-get update && apt-get upgrade -y': ['2:31 apt-get upgrade upgrades every package of the base image.'],
  'RUN apt-get -y dist-upgrade': ['2:16 apt-get dist-upgrade upgrades every package of the base image.'],
  'RUN apk upgrade --no-cache': ['2:9 apk upgrade upgrades every package of the base image.'],
  'RUN yum -y update': ['2:12 yum update upgrades every package of the base image.'],
  'RUN zypper -n dup': ['2:15 zypper dup upgrades every package of the base image.'],
  'RUN apt-get update': [],
  'RUN yum -y update openssl': [],
  'RUN apk upgrade --no-cache libssl3': [],
  'RUN dnf upgrade -y --security': [],
  'RUN apt-get install -y --only-upgrade openssl': [],
};

describe('system-upgrade', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
