import type { Snapshot } from './snapshot.ts';

/**
 * The differences of a chain, topmost first. A shared difference that comes twice stands once, on top: the lower one
 * adds nothing to it, and overlayfs refuses a directory given twice.
 */
export function diffDirs(snapshot: Snapshot | undefined): string[] {
  const found = new Set<string>();
  for (let next = snapshot; next; next = next.parent) found.add(next.diffDir);
  return [...found];
}
