import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { writeAfterVolume as rule } from './write-after-volume.ts';

const FOUND = {
  'VOLUME ["/a", "/b/"]\nADD x /b/': [
    "3:7 ADD writes below the volume /b: docker's older builder and buildah drop that.",
  ],
  'VOLUME /data\nCOPY a /database': [],
  'COPY a /data\nVOLUME /data': [],
  'VOLUME /data\nFROM debian:12\nCOPY a /data/a': [],
};

describe('write-after-volume', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
