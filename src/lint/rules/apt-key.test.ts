import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { aptKey as rule } from './apt-key.ts';

const FOUND = {
  'RUN apt-key adv --keyserver example.com --recv-keys ABCD': [
    '2:5 apt-key adv makes the key good for every repository; the program is gone from newer releases.',
  ],
  'RUN curl https://example.com/a | sudo apt-key add -': [
    '2:34 apt-key add makes the key good for every repository; the program is gone from newer releases.',
  ],
  'RUN apt-key list': [],
  'RUN echo apt-key add': [],
};

describe('apt-key', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
