import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it, test } from 'node:test';
import { findingsOf } from './lint.fixture.ts';
import type { Rule } from './rule.ts';
import { readRulePage } from './rule-page.ts';
import { RULES } from './rules.ts';

const CHECKOUT = process.env['SLIPWAY_CHECKOUT'] ?? '.';
const PAGES = join(CHECKOUT, 'docs', 'rules');
const SOURCES = join(CHECKOUT, 'src', 'lint', 'rules');

describe('a rule has a page, and its examples are true', () => {
  for (const rule of RULES) it(rule.name, () => checkPage(rule));
});

async function checkPage(rule: Rule): Promise<void> {
  const path = join(PAGES, `${rule.name}.md`);
  assert.ok(existsSync(path), `docs/rules/${rule.name}.md is missing`);
  const page = readRulePage(readFileSync(path, 'utf8'));
  assert.equal(page.title, rule.name);
  assert.ok(page.bad.length > 0 && page.good.length > 0, 'Bad and Good need an example each');
  const { family, severity, level, hadolint = [] } = rule;
  assert.deepEqual(page.facts.family, family);
  assert.deepEqual(page.facts.severity, severity);
  assert.deepEqual(page.facts.level, level);
  assert.deepEqual(page.facts.hadolint ?? '', hadolint.join(', '));
  const fixes = new Set<string>();
  for (const { dockerfile, files } of page.bad) {
    const findings = await findingsOf(rule, dockerfile, { files });
    assert.ok(findings.length > 0, `nothing found in the bad example:\n${dockerfile}`);
    for (const { fix } of findings) if (fix) fixes.add(fix.safety);
  }
  for (const { dockerfile, files } of page.good)
    assert.deepEqual(await findingsOf(rule, dockerfile, { files }), [], `found in the good example:\n${dockerfile}`);
  // What the page says of fixes is what the bad examples show.
  assert.deepEqual(page.facts.fix ?? 'none', [...fixes].sort().join(', ') || 'none');
}

test('each page, source and test has a rule', () => {
  const names = RULES.map(({ name }) => name);
  assert.deepEqual([...new Set(names)], names);
  const pages = readdirSync(PAGES).filter((name) => name !== 'README.md');
  assert.deepEqual(pages.map((name) => basename(name, '.md')).sort(), names.toSorted());
  for (const name of names) {
    assert.ok(existsSync(join(SOURCES, `${name}.ts`)), `${name}.ts is missing`);
    assert.ok(existsSync(join(SOURCES, `${name}.test.ts`)), `${name}.test.ts is missing`);
  }
});
