import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Outcome } from './outcome/outcome.ts';

/** What BuildKit did with the cases of a group. */
export interface Expectations {
  readonly recordedWith: string;
  readonly cases: Readonly<Record<string, Outcome>>;
}

export function readExpectations(dir: string, group: string): Expectations | undefined {
  const path = join(dir, `${group}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Expectations) : undefined;
}

export function writeExpectations(dir: string, group: string, expectations: Expectations): void {
  const path = join(dir, `${group}.json`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(expectations, undefined, 1)}\n`);
}
