import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConformanceCase } from './conformance-case.ts';
import { parseCases } from './parse-cases.ts';

/** Every case of a folder, group by group. */
export function loadCases(dir: string): readonly ConformanceCase[] {
  return readdirSync(dir)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .flatMap((name) => parseCases(name.replace(/\.txt$/, ''), readFileSync(join(dir, name), 'utf8')));
}
