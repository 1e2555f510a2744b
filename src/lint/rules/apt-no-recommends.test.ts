import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedBy, messagesOf } from '../lint.fixture.ts';
import { aptNoRecommends as rule } from './apt-no-recommends.ts';

describe('apt-no-recommends', () => {
  const found = (line: number, column: number, program = 'apt-get') => [
    `${line}:${column} ${program} install also brings the packages that the named ones only recommend.`,
  ];
  const cases: Readonly<Record<string, readonly string[]>> = {
    'RUN apt-get install -s curl': [],
    [`RUN echo 'APT::Install-Recommends "false";' > /etc/apt/apt.conf.d/80 && apt-get install -y curl`]: [],
    'RUN apt-get update && apt-get install -y curl': found(2, 31),
    'RUN apt-get update \\\n && apt -y install curl': found(3, 12, 'apt'),
    'RUN sudo apt-get install curl': found(2, 18),
    'RUN apt-get install -y --no-install-recommends curl': [],
    'RUN apt-get -o APT::Install-Recommends=false install curl': [],
    'RUN echo apt-get install': [],
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(text, async () => assert.deepEqual(await messagesOf(rule, `FROM debian:12\n${text}\n`), expected));
  }

  it('adds the flag behind install', async () => {
    const fixed = await fixedBy(rule, 'FROM debian:12\nRUN apt-get install -y \\\n    curl\n');
    assert.equal(fixed, 'FROM debian:12\nRUN apt-get install --no-install-recommends -y \\\n    curl\n');
  });
});
