import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findingsOf, fixedBy, messagesOf } from '../lint.fixture.ts';
import { goToolchainTooOld as rule } from './go-toolchain-too-old.ts';

const BUILD = '\nRUN go build\n';
const module = (version: string) => ({
  files: { 'go.mod': `module x\n\ngo ${version}\n`, 'main.go': 'package main\n' },
});

describe('go-toolchain-too-old', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['golang:1.21', '1.22', true],
    ['golang:1.21', '1.22.3', true],
    ['golang:1.21.5-alpine', '1.21.6', true],
    ['golang:1.21', '1.21.6', false],
    ['golang:1.22', '1.22', false],
    ['golang:1.26', '1.9', false],
    ['golang:alpine', '1.30', false],
    ['golang', '1.30', false],
    ['alpine:3.22', '1.30', false],
  ];
  for (const [base, version, isFound] of cases) {
    it(`${base} and go ${version}`, async () => {
      const found = await messagesOf(rule, `FROM ${base}${BUILD}`, module(version));
      const has = base.slice(base.indexOf(':') + 1).replace('-alpine', '');
      assert.deepEqual(found, isFound ? [`1:6 go.mod wants Go ${version}, and ${base} has ${has}.`] : []);
    });
  }

  it('is a warning where go fetches a toolchain, or does not insist', async () => {
    const severityOf = async (head: string) => (await findingsOf(rule, `${head}${BUILD}`, module('1.24')))[0]?.severity;
    assert.equal(await severityOf('FROM golang:1.22'), 'error');
    assert.equal(await severityOf('FROM golang:1.22\nENV GOTOOLCHAIN=auto'), 'warning');
    assert.equal(await severityOf('FROM golang:1.19'), 'warning');
  });

  it('raises the tag', async () => {
    const fixed = async (base: string) => fixedBy(rule, `FROM ${base}${BUILD}`, module('1.24.1'));
    assert.equal(await fixed('golang:1.22-alpine'), `FROM golang:1.24-alpine${BUILD}`);
    assert.equal(await fixed('golang:1.22.3'), `FROM golang:1.24.1${BUILD}`);
    assert.equal(await fixed('golang:1.22-buster'), `FROM golang:1.22-buster${BUILD}`);
  });
});
