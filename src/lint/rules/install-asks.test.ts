import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { installAsks as rule } from './install-asks.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'RUN apt-get install curl': ['2:13 apt-get install waits for a yes that nobody can give.'],
  'RUN apt-get upgrade': ['2:13 apt-get upgrade waits for a yes that nobody can give.'],
  'RUN yum install git': ['2:9 yum install waits for a yes that nobody can give.'],
  'RUN zypper install git': ['2:12 zypper install waits for a yes that nobody can give.'],
  'RUN apt-get -q install curl': ['2:16 apt-get install waits for a yes that nobody can give.'],
  'RUN <<EOF\napt-get install curl\nEOF': ['3:9 apt-get install waits for a yes that nobody can give.'],
  'RUN apt-get install -y curl': [],
  'RUN apt-get -yq install curl': [],
  'RUN apt-get install -qq curl': [],
  'RUN apt-get -o APT::Get::Assume-Yes=true install curl': [],
  'RUN yes | apt-get install curl': [],
  'RUN apt-get install': [],
  'RUN echo \'APT::Get::Assume-Yes "true";\' > /etc/apt/apt.conf.d/80yes && apt-get install curl': [],
  'RUN zypper -n in git': [],
  'RUN zypper in -y git': [],
  'RUN dnf update -y': [],
  'RUN apt-get update': [],
  'RUN apt-get install $OPTIONS -$FLAGS curl': [],
};
const FIXED = {
  'RUN apt-get update && \\\n    apt-get install curl': 'RUN apt-get update && \\\n    apt-get install -y curl',
  'RUN zypper install git': 'RUN zypper -n install git',
  'RUN <<EOF\napt-get install curl\nEOF': 'RUN <<EOF\napt-get install -y curl\nEOF',
};

describe('install-asks', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
