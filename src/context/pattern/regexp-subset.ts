import { PERL_CLASSES, POSIX_CLASSES, unicodeClass, word } from './character-class.ts';
import { type CharacterTest, type GlobItem, notNewline, notSlash } from './glob-program.ts';

/**
 * Reads the part of Go's regexp syntax that ignore patterns are translated to: literals, classes, escapes, `^` and `$`,
 * the quantifier `*` after a class or a dot, `{2,3}`, one optional group (see PARENTS), and `|` between whole
 * expressions. Returns the alternatives, each for a whole text, or undefined where Go's regexp.Compile fails.
 */
export function parseRegexpSubset(text: string): readonly (readonly GlobItem[])[] | undefined {
  try {
    return new RegexpReader(text).read().map(searched);
  } catch (error) {
    if (error instanceof BadRegexp) return undefined;
    throw error;
  }
}

/** An expression is searched for in a text; unless it is anchored, anything may stand around it. */
function searched(items: readonly GlobItem[]): readonly GlobItem[] {
  const from = items[0] === BEGIN ? 1 : 0;
  const to = items.at(-1) === END ? items.length - 1 : items.length;
  return [...(from === 0 ? [ANYTHING] : []), ...items.slice(from, to), ...(to === items.length ? [ANYTHING] : [])];
}

const ANYTHING: GlobItem = { kind: 'loop', test: () => true };
const BEGIN: GlobItem = { kind: 'assertion', holds: (before) => before === undefined };
const END: GlobItem = { kind: 'assertion', holds: (_, after) => after === undefined };

/** The bound that Go sets on a counted repetition. */
const MAX_REPEAT = 1000;

/** Any number of parent directories, or none. */
const PARENTS = '(.*/)?';

class BadRegexp extends Error {}

class RegexpReader {
  readonly #characters: readonly string[];
  #index = 0;

  constructor(text: string) {
    this.#characters = Array.from(text);
  }

  read(): readonly (readonly GlobItem[])[] {
    const alternatives: GlobItem[][] = [[]];
    while (this.#index < this.#characters.length) {
      if (this.#peek() === '|') {
        this.#index++;
        alternatives.push([]);
        if (this.#count()) throw new BadRegexp();
      } else alternatives.at(-1)?.push(...this.#repeated(this.#item()));
    }
    return alternatives;
  }

  /** Applies a `{n}`, `{n,}` or `{n,m}` that follows an item; any other brace is a character. */
  #repeated(items: readonly GlobItem[]): readonly GlobItem[] {
    const count = this.#count();
    if (!count) return items;
    const [min, max] = count;
    const item = items[0];
    if (!item || items.length > 1 || item.kind === 'loop' || item.kind === 'option') throw new BadRegexp();
    if (min > MAX_REPEAT || (max !== undefined && (max < min || max > MAX_REPEAT)) || this.#count()) {
      throw new BadRegexp();
    }
    if (item.kind === 'assertion') return min > 0 ? [item] : [];
    const test: CharacterTest = item.kind === 'class' ? item.test : (codePoint) => codePoint === item.codePoint;
    const required = Array<GlobItem>(min).fill(item);
    if (max === undefined) return [...required, { kind: 'loop', test }];
    return [
      ...required,
      ...Array<readonly GlobItem[]>(max - min)
        .fill([{ kind: 'option', length: 1 }, item])
        .flat(),
    ];
  }

  #count(): [min: number, max: number | undefined] | undefined {
    if (this.#peek() !== '{') return undefined;
    const [text, min, comma, max] =
      /^\{([0-9]+)(,?)([0-9]*)\}/.exec(this.#characters.slice(this.#index).join('')) ?? [];
    if (text === undefined || (comma === '' && max !== '')) return undefined;
    this.#index += text.length;
    return [Number(min), comma === '' ? Number(min) : max === '' ? undefined : Number(max)];
  }

  #item(): readonly GlobItem[] {
    const character = this.#take();
    switch (character) {
      case '(':
        this.#index += PARENTS.length - 1;
        return [
          { kind: 'option', length: 2 },
          { kind: 'loop', test: notNewline },
          { kind: 'char', codePoint: codeOf('/') },
        ];
      case '.':
        return [this.#quantified(notNewline)];
      case '[':
        return [this.#quantified(this.#class())];
      case '^':
        return [BEGIN];
      case '$':
        return [END];
      case '\\':
        return this.#escape();
      default:
        return [{ kind: 'char', codePoint: codeOf(character) }];
    }
  }

  #quantified(test: CharacterTest): GlobItem {
    if (this.#peek() !== '*') return { kind: 'class', test };
    this.#index++;
    return { kind: 'loop', test };
  }

  #escape(): readonly GlobItem[] {
    const character = this.#take();
    const assertion = ASSERTIONS[character];
    if (assertion) return [assertion];
    if (character === 'Q') return this.#quoted();
    const test = this.#characterClass(character);
    if (test) return [{ kind: 'class', test }];
    return [{ kind: 'char', codePoint: this.#escapedCode(character) }];
  }

  /** `\Q` to `\E` or to the end: every character as it stands. */
  #quoted(): readonly GlobItem[] {
    const rest = this.#characters.slice(this.#index).join('');
    const end = rest.indexOf('\\E');
    const quoted = Array.from(end < 0 ? rest : rest.slice(0, end));
    this.#index += quoted.length + (end < 0 ? 0 : 2);
    return quoted.map((character) => ({ kind: 'char', codePoint: codeOf(character) }));
  }

  /** From behind the `[`. The first `]` is a member, as are `[`, `^` and `/` that the translation leaves inside. */
  #class(): CharacterTest {
    // What every star and question mark becomes; the one function is also faster than a class.
    if (this.#characters.slice(this.#index, this.#index + 3).join('') === '^/]') {
      this.#index += 3;
      return notSlash;
    }
    const negated = this.#peek() === '^';
    if (negated) this.#index++;
    const tests: CharacterTest[] = [];
    while (tests.length === 0 || this.#peek() !== ']') tests.push(this.#classMember(tests.length === 0));
    this.#index++;
    return (codePoint) => tests.some((test) => test(codePoint)) !== negated;
  }

  #classMember(first: boolean): CharacterTest {
    const named = this.#namedClass();
    if (named) return named;
    // A hyphen alone stands only at an end.
    if (this.#peek() === '-' && !first && this.#characters[this.#index + 1] !== ']') throw new BadRegexp();
    if (this.#peek() === '\\') {
      const test = this.#characterClass(this.#characters[this.#index + 1] ?? '', 1);
      if (test) return test;
    }
    const low = this.#memberCode();
    if (this.#peek() !== '-' || this.#characters[this.#index + 1] === ']') return (codePoint) => codePoint === low;
    this.#index++;
    const high = this.#memberCode();
    if (high < low) throw new BadRegexp();
    return (codePoint) => low <= codePoint && codePoint <= high;
  }

  /** `[:alpha:]` */
  #namedClass(): CharacterTest | undefined {
    if (this.#peek() !== '[' || this.#characters[this.#index + 1] !== ':') return undefined;
    const rest = this.#characters.slice(this.#index + 2).join('');
    const end = rest.indexOf(':]');
    if (end < 0) return undefined;
    const negated = rest.startsWith('^');
    const test = POSIX_CLASSES[rest.slice(negated ? 1 : 0, end)];
    if (!test) throw new BadRegexp();
    this.#index += 2 + Array.from(rest.slice(0, end)).length + 2;
    return (codePoint) => test(codePoint) !== negated;
  }

  #memberCode(): number {
    const character = this.#take();
    return character === '\\' ? this.#escapedCode(this.#take()) : codeOf(character);
  }

  /** `\d`, `\pL` and their like; `skip` characters more are consumed when it is one. */
  #characterClass(letter: string, skip = 0): CharacterTest | undefined {
    const known = PERL_CLASSES[letter];
    if (known) {
      this.#index += skip * 2;
      return known;
    }
    if (letter !== 'p' && letter !== 'P') return undefined;
    this.#index += skip * 2;
    const test = unicodeClass(this.#take(), letter === 'P');
    if (!test) throw new BadRegexp();
    return test;
  }

  #escapedCode(character: string): number {
    const control = CONTROLS[character];
    if (control !== undefined) return control;
    if (character === 'x') return this.#digits(16, 2, '');
    if (character === '0') return this.#digits(8, 2, '0');
    if (/[1-7]/.test(character)) {
      if (!/[0-7]/.test(this.#peek() ?? '')) throw new BadRegexp();
      return this.#digits(8, 2, character);
    }
    if (/[0-9A-Za-z_]/.test(character) || codeOf(character) > 0x7f) throw new BadRegexp();
    return codeOf(character);
  }

  /** Octal takes up to so many digits, hexadecimal exactly so many. */
  #digits(radix: 8 | 16, count: number, first: string): number {
    let digits = first;
    const digit = radix === 8 ? /[0-7]/ : /[0-9A-Fa-f]/;
    for (let taken = 0; taken < count; taken++) {
      if (!digit.test(this.#peek() ?? '')) {
        if (radix === 16) throw new BadRegexp();
        break;
      }
      digits += this.#take();
    }
    return Number.parseInt(digits, radix);
  }

  #peek(): string | undefined {
    return this.#characters[this.#index];
  }

  #take(): string {
    const character = this.#characters[this.#index++];
    if (character === undefined) throw new BadRegexp();
    return character;
  }
}

function codeOf(character: string): number {
  return character.codePointAt(0) as number;
}

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

const atWordBoundary = (before: number | undefined, after: number | undefined): boolean =>
  (before !== undefined && word(before)) !== (after !== undefined && word(after));

const ASSERTIONS: Readonly<Record<string, GlobItem>> = {
  A: BEGIN,
  z: END,
  b: { kind: 'assertion', holds: atWordBoundary },
  B: { kind: 'assertion', holds: (before, after) => !atWordBoundary(before, after) },
};
