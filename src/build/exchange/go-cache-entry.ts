/** Go's build cache: actions (`-a`) and outputs (`-d`) by the first two digits of their name. */
const ENTRY = /(?:^|\/)([0-9a-f]{2})\/\1[0-9a-f]{62}-[ad]$/;

/** A file that Go does without when it is gone, whichever others are there. */
export function isGoCacheEntry(path: string): boolean {
  return ENTRY.test(path);
}
