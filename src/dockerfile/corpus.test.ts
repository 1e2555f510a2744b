import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { codeFrame } from '../diagnostics/code-frame.ts';
import { KnownError } from '../diagnostics/known-error.ts';
import type { SourceRange } from '../diagnostics/source-range.ts';
import type { Dockerfile } from './ast.ts';
import { parseDockerfile } from './dockerfile.ts';
import { printDockerfile } from './print-dockerfile.ts';

const ROOM = join(process.env.SLIPWAY_CHECKOUT ?? '.', 'src/dockerfile');
const UPDATE = process.env.UPDATE_GOLDEN === '1';

describe('corpus', () => {
  for (const name of cases('corpus')) {
    const source = readFileSync(join(ROOM, 'corpus', name, 'Dockerfile'), 'utf8');
    test(`${name} parses as its ast.json says`, () => {
      compare(
        join(ROOM, 'corpus', name, 'ast.json'),
        `${JSON.stringify(treeOf(parseDockerfile(source)), ranges, 2)}\n`,
      );
    });
    test(`${name} prints to a file that parses the same`, () => {
      const parsed = parseDockerfile(source);
      const again = parseDockerfile(printDockerfile(parsed));
      assert.deepEqual(withoutRanges(again), withoutRanges(parsed));
    });
  }
});

describe('negative corpus', () => {
  for (const name of cases('corpus-negative')) {
    test(`${name} fails as its error.txt says`, () => {
      const source = readFileSync(join(ROOM, 'corpus-negative', name, 'Dockerfile'), 'utf8');
      compare(join(ROOM, 'corpus-negative', name, 'error.txt'), render(failureOf(source)));
    });
  }
});

function cases(folder: string): readonly string[] {
  return readdirSync(join(ROOM, folder)).sort();
}

function compare(golden: string, actual: string): void {
  if (UPDATE) writeFileSync(golden, actual);
  assert.equal(actual, readFileSync(golden, 'utf8'));
}

function failureOf(source: string): KnownError {
  try {
    parseDockerfile(source);
  } catch (error) {
    if (error instanceof KnownError) return error;
    throw error;
  }
  throw new Error('parsed without an error');
}

function render({ code, message, hint, range, source }: KnownError): string {
  assert.ok(range && source !== undefined, 'an error has a place');
  const { line, column } = range.start;
  const lines = [`${range.file}:${line}:${column}  ${message} (${code})`, codeFrame(source, range)];
  return `${[...lines, ...(hint ? [`hint: ${hint}`] : [])].join('\n\n')}\n`;
}

function treeOf({ source: _, ...tree }: Dockerfile): Omit<Dockerfile, 'source'> {
  return tree;
}

/** Ranges in one line each, so that a change is easy to review. */
function ranges(key: string, value: unknown): unknown {
  if (key !== 'range' && key !== 'keywordRange') return value;
  const { start, end } = value as SourceRange;
  return `${start.line}:${start.column}-${end.line}:${end.column}`;
}

function withoutRanges({ source: _, warnings: __, ...tree }: Dockerfile): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value) => (key === 'range' || key === 'keywordRange' ? undefined : value)),
  );
}
