import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { imageWithoutTag as rule } from './image-without-tag.ts';

const FOUND = {
  'FROM debian': ['1:6 debian has no tag: a build takes the image that is the newest that day.'],
  'FROM ghcr.io/a/b AS c\nFROM c': ['1:6 ghcr.io/a/b has no tag: a build takes the image that is the newest that day.'],
  'ARG BASE=alpine\nFROM $BASE': ['2:6 alpine has no tag: a build takes the image that is the newest that day.'],
  'FROM debian:12\nCOPY --from=a/b /x /y': ['2:6 a/b has no tag: a build takes the image that is the newest that day.'],
  'FROM debian:12\nRUN --mount=from=ghcr.io/a/b,target=/b make': [
    '2:1 ghcr.io/a/b has no tag: a build takes the image that is the newest that day.',
  ],
  'ARG BASE=non-existing\nFROM $BASE': [],
  'FROM debian:12': [],
  'FROM scratch': [],
  'FROM debian:12 AS a\nFROM a': [],
  'ARG BASE\nFROM $BASE': [],
  'FROM debian@sha256:0000000000000000000000000000000000000000000000000000000000000000': [],
  'FROM debian:12\nCOPY --from=assets /x /y': [],
  'FROM debian:$TAG': [],
};

describe('image-without-tag', () => {
  testFindings(rule, FOUND);
});
