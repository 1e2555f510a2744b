import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { shellBySymlink as rule } from './shell-by-symlink.ts';

const FOUND = {
  'RUN rm /bin/sh && ln -s /bin/bash /bin/sh': ['2:5 rm replaces /bin/sh for every program of the image.'],
  'RUN ln -sf /bin/bash /bin/sh': ['2:5 ln replaces /bin/sh for every program of the image.'],
  'FROM gcr.io/distroless/static:debug\nSHELL ["/busybox/sh", "-c"]\nRUN ln -s /busybox/sh /bin/sh': [],
  'RUN ln -s /bin/sh /usr/local/bin/x': [],
  'RUN ln -s a /opt/bin/sh': [],
};

describe('shell-by-symlink', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
