/** Go's unicode.IsSpace, which differs from JavaScript's idea (U+0085 is in, U+FEFF is not). */
const SPACE = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const LEADING = new RegExp(`^${SPACE}+`);
const SPACE_CHARACTER = new RegExp(SPACE);

/** Go's strings.TrimSpace. */
export function trimSpace(text: string): string {
  const start = LEADING.exec(text)?.[0].length ?? 0;
  let end = text.length;
  while (end > start && SPACE_CHARACTER.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/**
 * Go's path.Clean: the shortest equivalent path by text alone. `..` stays at the front of a relative path and
 * vanishes at the root of an absolute one; the empty path is `.`.
 */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const kept: string[] = [];
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') kept.push(name);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!rooted) kept.push('..');
  }
  const joined = kept.join('/');
  return rooted ? `/${joined}` : joined || '.';
}

/** A path as written by a user, relative to a tree's root: `..` stops at the root; '' is the root itself. */
export function pathInTree(path: string): string {
  return cleanPath(`/${path}`).slice(1);
}
