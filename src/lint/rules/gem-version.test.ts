import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { gemVersion as rule } from './gem-version.ts';

const FOUND = {
  'RUN gem install rake': ['2:17 gem installs rake in whatever version is newest today.'],
  'RUN gem install a:1 b': ['2:21 gem installs b in whatever version is newest today.'],
  'RUN gem install rake:13.3.0': [],
  'RUN gem install rake -v 13.3.0': [],
  'RUN gem install --version=13 rake': [],
  'RUN gem install a.gem': [],
  'RUN gem list': [],
};

describe('gem-version', () => {
  testFindings(rule, FOUND, { head: 'FROM ruby:3.4\n' });
});
