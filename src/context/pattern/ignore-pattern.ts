import { passesFileGlobCheck } from './file-glob.ts';
import { GlobProgram } from './glob-program.ts';
import { cleanPath, trimSpace } from './go-text.ts';
import { parseRegexpSubset } from './regexp-subset.ts';

/** One pattern of an ignore file or of --exclude, ready to match paths (slash-separated, without a leading slash). */
export interface CompiledPattern {
  /** Begins with `!`: takes back what earlier patterns matched. */
  readonly isException: boolean;
  readonly matches: (path: string) => boolean;
  /** Whether a path below this directory could match; errs on the side of true. */
  readonly mayMatchBelow: (directory: string) => boolean;
}

/** Why a pattern cannot be used. */
export interface BadPattern {
  readonly problem: string;
}

/**
 * Compiles as github.com/moby/patternmatcher does: cleaned like a path, checked by the rules of filepath.Match, and
 * then matched by a Go regular expression, whose classes and escapes are wider. undefined: the pattern is empty.
 */
export function compileIgnorePattern(text: string): CompiledPattern | BadPattern | undefined {
  const trimmed = trimSpace(text);
  if (trimmed === '') return undefined;
  const cleaned = cleanPath(trimmed);
  if (cleaned === '!') return { problem: '"!" takes back nothing: a pattern must follow' };
  const isException = cleaned.startsWith('!');
  const pattern = isException ? cleaned.slice(1) : cleaned;
  if (!passesFileGlobCheck(pattern)) return { problem: 'a bracket or a backslash is not complete' };
  const matcher = compileMatcher(pattern);
  return matcher
    ? { isException, ...matcher }
    : { problem: 'a range in brackets is out of order or an escape unknown' };
}

type Matcher = Pick<CompiledPattern, 'matches' | 'mayMatchBelow'>;

function compileMatcher(pattern: string): Matcher | undefined {
  const translated = translate(pattern);
  switch (translated.type) {
    case 'exact':
      return { matches: (path) => path === pattern, mayMatchBelow: (directory) => pattern.startsWith(`${directory}/`) };
    case 'prefix':
      return prefixMatcher(pattern.slice(0, -2));
    case 'suffix':
      return suffixMatcher(pattern.slice(2));
    case 'regexp': {
      const programs = parseRegexpSubset(translated.regexp)?.map((items) => new GlobProgram(items));
      return (
        programs && {
          matches: (path) => programs.some((program) => program.matches(path)),
          mayMatchBelow: (directory) => programs.some((program) => program.mayContinue(`${directory}/`)),
        }
      );
    }
  }
}

function prefixMatcher(prefix: string): Matcher {
  return {
    matches: (path) => path.startsWith(prefix),
    mayMatchBelow: (directory) => prefix.startsWith(`${directory}/`) || `${directory}/`.startsWith(prefix),
  };
}

function suffixMatcher(suffix: string): Matcher {
  const name = suffix.startsWith('/') ? suffix.slice(1) : undefined;
  return { matches: (path) => path.endsWith(suffix) || path === name, mayMatchBelow: () => true };
}

interface Translation {
  readonly type: 'exact' | 'prefix' | 'suffix' | 'regexp';
  readonly regexp: string;
}

/**
 * The regular expression that patternmatcher makes of a pattern, quirks included: a wildcard in brackets is translated
 * there as well, so that `[*]` becomes a class of other characters, and `|` and `{2}` keep their meaning.
 */
function translate(pattern: string): Translation {
  const characters = Array.from(pattern);
  let type: Translation['type'] = 'exact';
  let regexp = '';
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] as string;
    if (character === '*' && characters[index + 1] === '*') {
      const first = index === 0;
      index += characters[index + 2] === '/' ? 2 : 1;
      if (index + 1 < characters.length) {
        regexp += '(.*/)?';
        type = 'regexp';
      } else if (type === 'exact') type = 'prefix';
      else {
        regexp += '.*';
        type = 'regexp';
      }
      if (first) type = 'suffix';
    } else if (character === '*' || character === '?') {
      regexp += character === '*' ? '[^/]*' : '[^/]';
      type = 'regexp';
    } else if (character === '\\') {
      regexp += `\\${characters[++index] ?? ''}`;
      type = 'regexp';
    } else {
      if (character === '[' || character === ']') type = 'regexp';
      regexp += '.+()$'.includes(character) ? `\\${character}` : character;
    }
  }
  return { type, regexp: `^${regexp}$` };
}
