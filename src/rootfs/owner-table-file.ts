import { readFileSync } from 'node:fs';
import { writeFileAtomic } from '../system/write-file-atomic.ts';
import type { OwnerOverride, OwnerTable } from './owner-table.ts';

/** Reads a table as `writeOwnerTable` left it; `undefined` is the empty one. */
export function readOwnerTable(path: string | undefined): OwnerTable {
  if (path === undefined) return new Map();
  const entries: Record<string, OwnerOverride> = JSON.parse(readFileSync(path, 'utf8'));
  return new Map(Object.entries(entries));
}

/** One JSON object, paths to overrides, sorted so that equal tables are equal bytes. */
export function writeOwnerTable(path: string, table: OwnerTable): void {
  const sorted = [...table].sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileAtomic(path, JSON.stringify(Object.fromEntries(sorted)), { durable: false });
}
