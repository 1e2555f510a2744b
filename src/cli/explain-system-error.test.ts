import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { KnownError } from '../diagnostics/known-error.ts';
import { explainSystemError } from './explain-system-error.ts';

test('a path that the kernel does not take is no bug, and is not shown whole', () => {
  try {
    mkdirSync(`/${'a/'.repeat(4000)}`);
  } catch (error) {
    const explained = explainSystemError(error);
    assert.ok(explained instanceof KnownError && explained.code === 'LAYER_FILE_NAME');
    assert.ok(explained.message.length < 300, explained.message);
    return;
  }
  assert.fail('the kernel took it');
});
