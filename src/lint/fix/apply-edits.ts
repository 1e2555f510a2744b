import type { TextEdit } from '../finding.ts';

/** Whether edits touch the same text; two insertions at one place do. */
export function overlaps(a: TextEdit, b: TextEdit): boolean {
  return a.start === b.start || (a.start < b.end && b.start < a.end);
}

/** The text with the edits made; they must not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits.toSorted((a, b) => a.start - b.start);
  let result = '';
  let at = 0;
  for (const { start, end, text: replacement } of ordered) {
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at);
}
