import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { tlsNotVerified as rule } from './tls-not-verified.ts';

const FOUND = {
  'RUN curl -k https://example.com/a': ["2:5 curl is told not to check the server's certificate."],
  'RUN wget --no-check-certificate https://example.com/a': ["2:5 wget is told not to check the server's certificate."],
  'RUN git config --global http.sslVerify false': ["2:5 git is told not to check the server's certificate."],
  'RUN git -c http.sslVerify=false clone https://example.com/a': [
    "2:5 git is told not to check the server's certificate.",
  ],
  'RUN npm config set strict-ssl false': ["2:5 npm is told not to check the server's certificate."],
  'RUN pip install --trusted-host pypi.org flask': ["2:5 pip is told not to check the server's certificate."],
  'RUN NODE_TLS_REJECT_UNAUTHORIZED=0 npm ci': [
    "2:5 NODE_TLS_REJECT_UNAUTHORIZED is told not to check the server's certificate.",
  ],
  'RUN export GIT_SSL_NO_VERIFY=1': ["2:5 GIT_SSL_NO_VERIFY is told not to check the server's certificate."],
  'RUN curl -fsSL https://example.com/k': [],
  'RUN git config --global http.sslVerify true': [],
  'RUN wget https://example.com/a': [],
  'RUN npm config set strict-ssl true': [],
};

describe('tls-not-verified', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
