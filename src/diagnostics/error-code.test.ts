import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ERROR_CODES } from './error-code.ts';

const CHECKOUT = process.env['SLIPWAY_CHECKOUT'] ?? '.';
const PAGES = join(CHECKOUT, 'docs', 'errors');

test('each code stands once', () => assert.equal(new Set(ERROR_CODES).size, ERROR_CODES.length));

test('each code has a page of its name', () => {
  const missing = ERROR_CODES.filter((code) => !existsSync(join(PAGES, `${code}.md`)));
  assert.deepEqual(missing, []);
  const untitled = ERROR_CODES.filter(
    (code) => !readFileSync(join(PAGES, `${code}.md`), 'utf8').startsWith(`# ${code}\n`),
  );
  assert.deepEqual(untitled, []);
});

test('each page has a code', () => {
  const codes: readonly string[] = ERROR_CODES;
  assert.deepEqual(
    readdirSync(PAGES).filter((name) => !codes.includes(name.replace(/\.md$/, ''))),
    [],
  );
});
