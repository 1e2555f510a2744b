import { KnownError } from '../diagnostics/known-error.ts';

/**
 * The patterns of `${x#p}`, `${x%p}` and `${x/p/w}`: `*`, `?` and literals. Neither wildcard matches a newline.
 * Matching keeps a set of states, so its time is pattern times value, whatever they hold.
 */
type Pattern = readonly Token[];
type Token = { readonly kind: 'star' | 'any' } | { readonly kind: 'literal'; readonly char: string };

const MAX_WORK = 20_000_000;

/** A backslash may stand in front of `* ? \ } /` alone. */
function compilePattern(text: string): Pattern {
  const tokens: Token[] = [];
  const chars = [...text];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? '';
    if (char === '*') tokens.push({ kind: 'star' });
    else if (char === '?') tokens.push({ kind: 'any' });
    else if (char === '\\') tokens.push({ kind: 'literal', char: escaped(chars[++at], text) });
    else tokens.push({ kind: 'literal', char });
  }
  return tokens;
}

function escaped(char: string | undefined, pattern: string): string {
  if (char !== undefined && '*?\\}/'.includes(char)) return char;
  throw new KnownError(
    'DOCKERFILE_VARIABLE',
    `The pattern "${pattern}" escapes "${char ?? ''}", which needs no escape.`,
  );
}

/** The value without its shortest (or longest) start that matches. Throws DOCKERFILE_VARIABLE for a bad escape. */
export function trimPrefix(pattern: string, value: string, longest: boolean): string {
  const chars = [...value];
  const end = matchAt(compilePattern(pattern), chars, { start: 0, longest });
  return end === undefined ? value : chars.slice(end).join('');
}

/** The value without its shortest (or longest) end that matches. Throws DOCKERFILE_VARIABLE for a bad escape. */
export function trimSuffix(pattern: string, value: string, longest: boolean): string {
  const reversed = trimPrefix(reversePattern(pattern), [...value].reverse().join(''), longest);
  return [...reversed].reverse().join('');
}

/** An escape stays in front of what it escapes; one at the very end escapes what stood before it, as in BuildKit. */
function reversePattern(pattern: string): string {
  const parts = pattern.match(/\\.|./gsu) ?? [];
  return parts.reverse().join('');
}

export interface ReplaceOptions {
  /** Every match, not the first alone; `$0` and `$$` in the replacement then mean the match and a dollar sign. */
  readonly all: boolean;
  readonly replacement: string;
  readonly maxLength: number;
}

/** The value with the longest match at the leftmost place replaced. Throws DOCKERFILE_VARIABLE for a bad escape. */
export function replacePattern(text: string, value: string, options: ReplaceOptions): string {
  const pattern = compilePattern(text);
  const chars = [...value];
  const starts = matchingStarts(pattern, chars);
  let result = '';
  let copied = 0;
  for (let start = starts.indexOf(1); start >= 0; ) {
    const end = matchAt(pattern, chars, { start, longest: true }) ?? start;
    result += chars.slice(copied, start).join('');
    // An empty match right behind another one is not a match of its own.
    if (end > copied || start === 0) result += replacementFor(chars.slice(start, end).join(''), options);
    if (result.length > options.maxLength) throw tooLong(options.maxLength);
    copied = end;
    if (!options.all) break;
    start = starts.indexOf(1, Math.max(end, start + 1));
  }
  return result + chars.slice(copied).join('');
}

function replacementFor(match: string, { all, replacement }: ReplaceOptions): string {
  return all && replacement.includes('$') ? fillTemplate(replacement, match) : replacement;
}

/** Go's regexp.Expand with no groups: BuildKit lets it loose on `${x//p/w}`, so w is its template. */
function fillTemplate(template: string, match: string): string {
  return template.replace(/\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu, (whole, bare, braced) => {
    if (whole === '$$') return '$';
    return (bare ?? braced) === '0' ? match : '';
  });
}

/** End of the match that starts at `start`, if there is one. */
function matchAt(
  pattern: Pattern,
  chars: readonly string[],
  { start, longest }: { readonly start: number; readonly longest: boolean },
): number | undefined {
  checkWork(pattern, chars);
  let states = closure(pattern, new Set([0]));
  let end: number | undefined;
  for (let at = start; states.size > 0; at++) {
    if (states.has(pattern.length)) end = at;
    if ((end !== undefined && !longest) || at >= chars.length) break;
    states = step(pattern, states, chars[at] ?? '');
  }
  return end;
}

function step(pattern: Pattern, states: ReadonlySet<number>, char: string): Set<number> {
  const next = new Set<number>();
  for (const state of states) {
    const token = pattern[state];
    if (!token) continue;
    if (token.kind === 'literal') {
      if (token.char === char) next.add(state + 1);
    } else if (char !== '\n') next.add(token.kind === 'star' ? state : state + 1);
  }
  return closure(pattern, next);
}

/** A star may match nothing, so whoever stands before it also stands behind it. */
function closure(pattern: Pattern, states: Set<number>): Set<number> {
  for (const state of states) {
    if (pattern[state]?.kind === 'star') states.add(state + 1);
  }
  return states;
}

/** For every position, the end included, 1 where some match starts: the pattern run backwards over the value. */
function matchingStarts(pattern: Pattern, chars: readonly string[]): Uint8Array {
  checkWork(pattern, chars);
  const reversed = pattern.toReversed();
  const starts = new Uint8Array(chars.length + 1);
  let states = closure(reversed, new Set([0]));
  for (let at = chars.length; ; at--) {
    if (states.has(reversed.length)) starts[at] = 1;
    if (at === 0) return starts;
    // A match may end anywhere, so a new one begins at every step.
    states = closure(reversed, step(reversed, states, chars[at - 1] ?? '').add(0));
  }
}

function checkWork(pattern: Pattern, chars: readonly string[]): void {
  if (pattern.length * chars.length > MAX_WORK) {
    throw new KnownError('DOCKERFILE_VARIABLE', 'The pattern and the value of a substitution are too long.');
  }
}

function tooLong(maxLength: number): KnownError {
  return new KnownError('DOCKERFILE_VARIABLE', `The text expands to more than ${maxLength} characters.`);
}
