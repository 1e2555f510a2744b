import { type CharacterTest, type GlobItem, GlobProgram, notSlash } from './glob-program.ts';

/**
 * A pattern as Go's filepath.Match reads it: `*` and `?` stop at slashes, `[…]` holds characters and ranges (`^`
 * negates), a backslash takes the next character as it stands; `**` is only `*` twice.
 * Returns undefined for a malformed pattern, which Go calls ErrBadPattern.
 */
export function compileFileGlob(pattern: string): GlobProgram | undefined {
  const items = parseFileGlob(pattern);
  return items && new GlobProgram(items);
}

/**
 * Whether Go's filepath.Match(pattern, ".") returns no error, which is how patternmatcher checks a pattern's syntax.
 * Match looks no further than it needs to say no, so that faults behind the first star mostly pass.
 */
export function passesFileGlobCheck(pattern: string): boolean {
  const characters = Array.from(pattern);
  let name = '.';
  for (let index = 0; index < characters.length; ) {
    while (characters[index] === '*') index++;
    const end = endOfChunk(characters, index);
    const items = parseFileGlob(characters.slice(index, end).join(''));
    if (!items) return false;
    if (items.length > 0) {
      if (items.length > name.length || !new GlobProgram(items).matches(name)) return true;
      name = '';
    }
    index = end;
  }
  return true;
}

/** A chunk goes to the next star outside of brackets. */
function endOfChunk(characters: readonly string[], start: number): number {
  let inClass = false;
  for (let index = start; index < characters.length; index++) {
    const character = characters[index];
    if (character === '\\') index++;
    else if (character === '[') inClass = true;
    else if (character === ']') inClass = false;
    else if (character === '*' && !inClass) return index;
  }
  return characters.length;
}

/** Whether a source of COPY is matched rather than taken by its name. */
export function hasWildcards(text: string): boolean {
  return /[*?[]/.test(text.replace(/\\./gs, ''));
}

function parseFileGlob(pattern: string): readonly GlobItem[] | undefined {
  const characters = Array.from(pattern);
  const items: GlobItem[] = [];
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] as string;
    if (character === '*') items.push({ kind: 'loop', test: notSlash });
    else if (character === '?') items.push({ kind: 'class', test: notSlash });
    else if (character === '[') {
      const parsed = parseClass(characters, index + 1);
      if (!parsed) return undefined;
      items.push({ kind: 'class', test: parsed.test });
      index = parsed.end;
    } else if (character === '\\') {
      const escaped = characters[++index];
      if (escaped === undefined) return undefined;
      items.push({ kind: 'char', codePoint: escaped.codePointAt(0) as number });
    } else items.push({ kind: 'char', codePoint: character.codePointAt(0) as number });
  }
  return items;
}

/** From behind the `[`; `end` is the index of the closing bracket. */
function parseClass(characters: readonly string[], start: number): { test: CharacterTest; end: number } | undefined {
  const negated = characters[start] === '^';
  const ranges: [low: number, high: number][] = [];
  let index = negated ? start + 1 : start;
  while (characters[index] !== ']' || ranges.length === 0) {
    const low = classCharacter(characters, index);
    if (!low) return undefined;
    index = low.next;
    const high = characters[index] === '-' ? classCharacter(characters, index + 1) : low;
    if (!high) return undefined;
    index = high.next;
    ranges.push([low.codePoint, high.codePoint]);
  }
  return {
    test: (codePoint) => ranges.some(([low, high]) => low <= codePoint && codePoint <= high) !== negated,
    end: index,
  };
}

function classCharacter(characters: readonly string[], index: number): { codePoint: number; next: number } | undefined {
  const escaped = characters[index] === '\\';
  const character = characters[escaped ? index + 1 : index];
  if (character === undefined || (!escaped && (character === '-' || character === ']'))) return undefined;
  const next = index + (escaped ? 2 : 1);
  // A class that ends with the pattern was never closed.
  return next < characters.length ? { codePoint: character.codePointAt(0) as number, next } : undefined;
}
