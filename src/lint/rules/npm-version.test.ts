import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { npmVersion as rule } from './npm-version.ts';

const FOUND = {
  'RUN npm install -g serve': ['2:20 npm install -g takes serve in whatever version is newest today.'],
  'RUN npm i @angular/cli pm2@6': ['2:11 npm install takes @angular/cli in whatever version is newest today.'],
  'RUN npm install -g npm@latest': ['2:20 npm install -g takes npm@latest in whatever version is newest today.'],
  'RUN npm install': [],
  'RUN npm ci': [],
  'RUN npm install -g serve@14 @a/b@1.0': [],
  'RUN npm install ./a.tgz ../b user/repo': [],
  'RUN npm install -g $TOOL': [],
  'RUN npm --prefix web install': [],
};

describe('npm-version', () => {
  testFindings(rule, FOUND, { head: 'FROM node:22\n' });
});
