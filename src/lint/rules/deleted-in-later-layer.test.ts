import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { deletedInLaterLayer as rule } from './deleted-in-later-layer.ts';

const FOUND = {
  'COPY a /a\nRUN rm -rf /a': ['3:5 /a stays in the layer of the COPY above, although it is removed here.'],
  'RUN curl -fLo /x.zip https://example.com/x\nRUN unzip /x.zip && rm /x.zip': [
    '3:21 /x.zip stays in the layer of the RUN above, although it is removed here.',
  ],
  'WORKDIR /w\nADD https://example.com/a.zip .\nRUN unzip a.zip && rm a.zip': [
    '4:20 /w/a.zip stays in the layer of the ADD above, although it is removed here.',
  ],
  'RUN curl -fLo /x https://example.com/x && rm /x': [],
  'COPY a /a\nRUN rm /b': [],
  'COPY a /a\nRUN rm /a\nFROM scratch': [],
  'COPY a /a\nRUN rm -rf /a/b': [],
  'RUN rm /a\nCOPY a /a': [],
  'COPY a /a\nRUN rm $X': [],
};

describe('deleted-in-later-layer', () => {
  testFindings(rule, FOUND, { head: 'FROM debian:12\n' });
});
