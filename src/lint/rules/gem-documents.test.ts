import { describe } from 'node:test';
import { testFindings, testFixes } from '../rule-cases.fixture.ts';
import { gemDocuments as rule } from './gem-documents.ts';

const OPTIONS = { head: 'FROM debian:12\n' };
const FOUND = {
  'RUN gem install rake': ['2:9 gem install makes ri and rdoc documentation.'],
  'RUN gem install -N rake': [],
  'RUN gem install rake --no-document': [],
  'RUN gem install rake --no-rdoc --no-ri': [],
  'RUN gem install rake\nFROM scratch': [],
  'FROM ruby:3.4\nRUN gem install rake': [],
  'RUN echo "gem: --no-document" > /etc/gemrc\nRUN gem install rake': [],
};
const FIXED = {
  'RUN gem install rake': 'RUN gem install --no-document rake',
};

describe('gem-documents', () => {
  testFindings(rule, FOUND, OPTIONS);
  testFixes(rule, FIXED, OPTIONS);
});
