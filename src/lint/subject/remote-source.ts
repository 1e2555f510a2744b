/** ADD downloads it or clones it. */
export function isRemoteSource(source: string): boolean {
  return /^(?:https?|ftp|git|ssh):\/\//i.test(source) || /^git@/.test(source) || /^[^/]+\.git(?:#|$)/.test(source);
}
