import { describe } from 'node:test';
import { testFindings } from '../rule-cases.fixture.ts';
import { buildToolsShipped as rule } from './build-tools-shipped.ts';

const CMD = '\nCMD ["/app"]';

describe('build-tools-shipped', () => {
  testFindings(rule, {
    [`FROM debian:12\nRUN apt-get update && apt-get install -y gcc curl build-essential=12.9\nRUN pip install x${CMD}`]:
      ['2:42 apt-get installs gcc, build-essential=12.9 into the image that ships.'],
    [`FROM alpine:3.22\nRUN apk add --no-cache go && go build${CMD}`]: [
      '2:24 apk installs go into the image that ships.',
    ],
    [`FROM alpine:3.22 AS a\nRUN apk add build-base\nFROM a\nRUN make${CMD}`]: [
      '2:13 apk installs build-base into the image that ships.',
    ],
    [`FROM alpine:3.22 AS a\nRUN apk add build-base\nFROM alpine:3.22${CMD}`]: [],
    [`FROM alpine:3.22\nRUN apk add --virtual .deps gcc && make && apk del .deps${CMD}`]: [],
    [`FROM debian:12\nRUN apt-get install -y gcc && make && apt-get purge -y gcc${CMD}`]: [],
    [`FROM debian:12\nRUN apt-get install -y gcc && make && apt-get autoremove -y${CMD}`]: [],
    [`FROM debian:12\nRUN apt-get install -y golang-docker-credential-helpers make git${CMD}`]: [],
    [`FROM debian:12\nRUN apt-get install -y gcc${CMD}`]: [],
    'FROM debian:12\nRUN apt-get install -y gcc && make': [],
    'FROM debian:12\nRUN apt-get install -y gcc && make\nCMD ["bash"]': [],
    [`FROM debian:12 AS dev\nRUN apt-get install -y gcc && make${CMD}`]: [],
    [`FROM golang:1.26\nRUN apt-get install -y gcc && make${CMD}`]: [],
    [`FROM debian:12 AS builder\nRUN apt-get install -y gcc && make${CMD}`]: [],
  });
});
