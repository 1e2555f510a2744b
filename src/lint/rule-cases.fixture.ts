/** For tests of rules: tables of Dockerfiles, a test each. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fixedBy, messagesOf, type RuleCase } from './lint.fixture.ts';
import type { Rule } from './rule.ts';

export interface RuleCases extends RuleCase {
  /** Stands in front of each text. */
  readonly head?: string;
}

/** A Dockerfile, and what the rule (or check of that name) says of it: `line:column message`. */
export function testFindings(
  rule: Pick<Rule, 'name'>,
  cases: Readonly<Record<string, readonly string[]>>,
  { head = '', ...options }: RuleCases = {},
): void {
  for (const [text, expected] of Object.entries(cases)) {
    it(JSON.stringify(text), async () =>
      assert.deepEqual(await messagesOf(rule, `${head}${text}\n`, options), expected),
    );
  }
}

/** A Dockerfile, and the same with all fixes of the rule made once. */
export function testFixes(
  rule: Pick<Rule, 'name'>,
  cases: Readonly<Record<string, string>>,
  { head = '', ...options }: RuleCases = {},
): void {
  for (const [text, expected] of Object.entries(cases)) {
    it(`mends ${JSON.stringify(text)}`, async () =>
      assert.equal(await fixedBy(rule, `${head}${text}\n`, options), `${head}${expected}\n`));
  }
}
