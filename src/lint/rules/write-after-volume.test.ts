import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { writeAfterVolume as rule } from './write-after-volume.ts';

const found = (place: string, path: string) => [
  `${place} RUN writes to ${path} below its VOLUME: BuildKit keeps that, docker's classic builder drops it.`,
];

const FOUND = {
  'VOLUME ["/a", "/b/"]\nRUN mkdir -p /b/c': found('3:5', '/b/c'),
  'VOLUME /data\nRUN useradd x && chown -R x:x /data': found('3:18', '/data'),
  'VOLUME /data\nWORKDIR /data\nRUN echo 1 > seed': found('4:5', '/data/seed'),
  'VOLUME /data\nRUN cp /seed.db /data/ && touch /data/x': found('3:5', '/data'),
  'VOLUME /data\nRUN cp /data/seed.db /etc/': [],
  'VOLUME /data\nRUN touch /database 2>/dev/null': [],
  'VOLUME /data\nCOPY a /data/a': [],
  'RUN touch /data/a\nVOLUME /data': [],
  'VOLUME /data\nFROM debian:12\nRUN touch /data/a': [],
};

describe('write-after-volume', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
