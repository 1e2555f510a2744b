import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parseDockerfile } from '../dockerfile/dockerfile.ts';
import { guessContext } from './guess-context.ts';

const FILES = ['go.mod', 'app/main.go', 'cmd/app/app.yaml', 'cmd/app/tool/x', 'test/e2e/go.mod', 'test/e2e/run/x'];

describe('guessContext', () => {
  let top = '';
  before(() => {
    top = mkdtempSync(join(tmpdir(), 'slipway-guess-'));
    for (const file of FILES) {
      mkdirSync(dirname(join(top, file)), { recursive: true });
      writeFileSync(join(top, file), '');
    }
  });
  after(() => rmSync(top, { recursive: true }));

  const cases: readonly (readonly [path: string, text: string, expected: string])[] = [
    ['Dockerfile', 'COPY go.mod .', ''],
    ['cmd/app/Dockerfile', 'COPY go.mod .', ''],
    ['test/e2e/Dockerfile', 'COPY go.mod .', 'test/e2e'],
    ['cmd/app/tool/Dockerfile', 'COPY x y', 'cmd/app/tool'],
    ['cmd/app/Dockerfile', 'COPY nothing /', 'cmd/app'],
    ['cmd/app/Dockerfile', 'COPY cmd/app/app.yaml tool /', ''],
    ['test/e2e/Dockerfile', 'COPY go.mod .\nCOPY . .\nRUN go build ./app', ''],
    ['test/e2e/Dockerfile', 'COPY go.mod .\nCOPY . .\nRUN go build -o a ./run', 'test/e2e'],
    ['test/e2e/Dockerfile', 'COPY go.mod .\nCOPY . .\nWORKDIR test/e2e\nRUN go build', ''],
  ];
  for (const [path, text, expected] of cases) {
    it(`${path} with ${JSON.stringify(text)} is built from ${expected || 'the top'}`, () => {
      const dockerfile = parseDockerfile(`FROM golang:1.26\nWORKDIR /src\n${text}\n`);
      assert.equal(relative(top, guessContext(join(top, path), dockerfile, top)), expected);
    });
  }
});
