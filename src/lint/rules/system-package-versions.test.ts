import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { systemPackageVersions as rule } from './system-package-versions.ts';

const FOUND = {
  'RUN apt-get install -y curl git=1:2.39.5': ['2:24 apt-get installs curl in whatever version is there today.'],
  'RUN apk add --no-cache a b c d e f': ['2:24 apk installs a, b, c, d, e … in whatever version is there today.'],
  'RUN yum -y install git': ['2:20 yum installs git in whatever version is there today.'],
  'RUN apt-get install -y curl=7.88 ./a.deb': [],
  'RUN apk add --no-cache --virtual .deps curl=8 git~2 ca@edge': [],
  'RUN yum install -y git-2.47.1 https://example.com/a.rpm': [],
  'RUN apt-get install -y $PACKAGES': [],
  'RUN apk del curl': [],
};

describe('system-package-versions', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
