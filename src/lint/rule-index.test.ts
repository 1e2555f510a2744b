import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ruleIndex } from './rule-index.ts';
import { RULES } from './rules.ts';

/** UPDATE_GOLDEN=1 writes the page. */
test('docs/rules/README.md lists every rule', () => {
  const path = join(process.env['SLIPWAY_CHECKOUT'] ?? process.cwd(), 'docs', 'rules', 'README.md');
  const page = ruleIndex();
  if (process.env['UPDATE_GOLDEN']) writeFileSync(path, page);
  assert.equal(readFileSync(path, 'utf8'), page, 'write it anew: UPDATE_GOLDEN=1 npm run unit -- src/lint/rule-index');
  for (const { name } of RULES)
    assert.ok(page.includes(`[${name}](${name}.md)`), `${name} has a family without a section`);
});
