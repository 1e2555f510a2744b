import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { sshKeyCopied as rule } from './ssh-key-copied.ts';

const FOUND = {
  'COPY .ssh /root/.ssh': ['2:6 .ssh puts a private key into the image.'],
  'ADD keys/id_rsa /x': ['2:5 keys/id_rsa puts a private key into the image.'],
  'RUN echo "$KEY" > /root/.ssh/id_rsa': ['2:5 echo writes a private key to /root/.ssh/id_rsa.'],
  'COPY id_rsa.pub /x': [],
  'COPY .ssh/known_hosts /root/.ssh/': [],
  'RUN ssh-keyscan a > ~/.ssh/known_hosts': [],
  'COPY --from=x id_rsa /x': [],
};

describe('ssh-key-copied', () => {
  testFindings(rule, FOUND, { head: 'FROM scratch\n' });
});
