import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { referencePage } from './reference-page.ts';

/** UPDATE_GOLDEN=1 writes the page. */
test('docs/commands.md is what the commands declare', async () => {
  const path = join(process.env['SLIPWAY_CHECKOUT'] ?? process.cwd(), 'docs', 'commands.md');
  const page = await referencePage();
  if (process.env['UPDATE_GOLDEN']) writeFileSync(path, page);
  assert.equal(readFileSync(path, 'utf8'), page, 'write it anew: UPDATE_GOLDEN=1 npm run unit -- src/cli/reference');
});
