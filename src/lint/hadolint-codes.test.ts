import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ERROR_CODES } from '../diagnostics/error-code.ts';
import { RULES } from './rules.ts';

const PAGE = join(process.env['SLIPWAY_CHECKOUT'] ?? '.', 'docs', 'lint-hadolint.md');

/** Every code that hadolint has or had, but for ShellCheck's: they keep their names. */
const CODES = [
  'DL1001',
  ...Array.from({ length: 63 }, (_, index) => `DL${3000 + index}`),
  ...['DL4000', 'DL4001', 'DL4003', 'DL4004', 'DL4005', 'DL4006'],
];

const ROWS = new Map(
  [...readFileSync(PAGE, 'utf8').matchAll(/^\| (DL\d+) \| .*? \| (.*) \|$/gm)].map(([, code = '', answer = '']) => [
    code,
    answer,
  ]),
);

describe("every code of hadolint's has an answer", () => {
  it('in order, once', () => assert.deepEqual([...ROWS.keys()], CODES));

  for (const { name, hadolint = [] } of RULES) {
    for (const code of hadolint)
      it(`${code} names ${name}`, () => assert.ok(ROWS.get(code)?.includes(`[${name}](rules/${name}.md)`)));
  }

  for (const [code, answer] of ROWS) {
    it(`what ${code} names means it`, () => {
      const named = RULES.filter(({ name }) => answer.includes(`[${name}]`));
      if (!answer.startsWith('no rule'))
        for (const { name, hadolint } of named) assert.ok(hadolint?.includes(code), `${name} does not list ${code}`);
      const [error] = /(?<=error `)\w+/.exec(answer) ?? [];
      if (error !== undefined) assert.ok((ERROR_CODES as readonly string[]).includes(error), error);
      assert.match(answer, /\]\(rules\/|^`\w+`$|^error `|^no rule: /);
    });
  }
});
