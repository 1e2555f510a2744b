import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messagesOf } from '../lint.fixture.ts';
import { goReplaceOutsideContext as rule } from './go-replace-outside-context.ts';

const mod = (target: string) => `module example.com/app\n\ngo 1.26\n\nreplace example.com/lib => ${target}\n`;

describe('go-replace-outside-context', () => {
  const source = 'FROM golang:1.26\nCOPY . .\nRUN go build -o /app .\n';
  const found = async (files: Record<string, string>) => messagesOf(rule, source, { files });

  it('where a folder above is named', async () =>
    assert.deepEqual(await found({ 'go.mod': mod('../lib') }), [
      '3:5 go.mod:5 names ../lib, which is outside of the build context: go build does not find it.',
    ]));
  it('silent for folders inside, modules and vendored ones', async () => {
    assert.deepEqual(await found({ 'go.mod': mod('./lib'), 'lib/go.mod': 'module example.com/lib\n' }), []);
    assert.deepEqual(await found({ 'go.mod': mod('example.com/fork v1.0.0') }), []);
    assert.deepEqual(await found({ 'go.mod': mod('../lib'), 'vendor/modules.txt': '' }), []);
  });
});
