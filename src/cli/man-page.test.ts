import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS } from './command-table.ts';
import { manPages } from './man-page.ts';

test('every command has a page, and its flags are on it', async () => {
  const pages = new Map((await manPages()).map(({ file, text }) => [file, text]));
  assert.equal(pages.size, COMMANDS.length + 1);
  assert.match(pages.get('slipway-build.1') ?? '', /\.B \\-\\-target <stage>\nstage to build/);
  assert.match(pages.get('slipway-build.1') ?? '', /Environment: SLIPWAY_PROGRESS, BUILDKIT_PROGRESS/);
  assert.match(pages.get('slipway-context-why.1') ?? '', /^\.TH SLIPWAY\\-CONTEXT\\-WHY 1/);
  assert.match(pages.get('slipway.1') ?? '', /\.BR slipway\\-build \(1\)/);
});

test('no line of a page is taken for a request', async () => {
  for (const { file, text } of await manPages()) {
    const requests = text.split('\n').filter((line) => /^[.']/.test(line));
    const unknown = requests.filter((line) => !/^\.(TH|SH|SS|TP|B|I|BR|nf|fi)( |$)/.test(line));
    assert.deepEqual(unknown, [], file);
  }
});
