import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { loginLeftInLayer as rule } from './login-left-in-layer.ts';

const FOUND = {
  'RUN echo "machine a login b password $TOKEN" > ~/.netrc': [
    '2:5 echo leaves a login in ~/.netrc, which the layer keeps.',
  ],
  'RUN npm config set //registry.npmjs.org/:_authToken $NPM_TOKEN': [
    '2:5 npm leaves a login in ~/.npmrc, which the layer keeps.',
  ],
  'RUN docker login -u a -p $B': ['2:5 docker leaves a login in ~/.docker/config.json, which the layer keeps.'],
  'RUN git config --global url.https://$T@a/.insteadOf https://a/': [
    '2:5 git leaves a login in ~/.gitconfig, which the layer keeps.',
  ],
  'RUN echo "machine a password $TOKEN" > ~/.netrc && make && rm ~/.netrc': [],
  'RUN git config --global user.name a': [],
  'RUN git config --global url."git@a:".insteadOf https://a/': [],
  'RUN npm config set registry https://a': [],
  'RUN echo "registry=$R" > .npmrc': [],
  'RUN git config --global url.https://$T@a/.insteadOf https://a/ && make && rm ~/.gitconfig': [],
};

describe('login-left-in-layer', () => {
  testFindings(rule, FOUND, { head: 'FROM alpine:3.22\n' });
});
