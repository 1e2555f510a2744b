/**
 * Patterns run as a nondeterministic automaton: one pass over the path, every live position advanced together. Time is
 * linear in the path times the pattern, whatever was written, where a backtracking RegExp can take exponential time.
 */

/** Tells whether one character (a code point) may stand at a place of the pattern. */
export type CharacterTest = (codePoint: number) => boolean;

/** One step of a pattern, in order. */
export type GlobItem =
  | { readonly kind: 'char'; readonly codePoint: number }
  | { readonly kind: 'class'; readonly test: CharacterTest }
  /** Any number of characters of the class, none included. */
  | { readonly kind: 'loop'; readonly test: CharacterTest }
  /** The next `length` items may be left out as a whole; loops may stand in them, further options not. */
  | { readonly kind: 'option'; readonly length: number }
  /** Consumes nothing; holds or not by the characters around (undefined at the ends). */
  | { readonly kind: 'assertion'; readonly holds: (before: number | undefined, after: number | undefined) => boolean };

export const SLASH = 0x2f;
export const notSlash: CharacterTest = (codePoint) => codePoint !== SLASH;
/** What a dot of a regular expression takes. */
export const notNewline: CharacterTest = (codePoint) => codePoint !== 0x0a;

/** A compiled pattern. It keeps scratch space: not to be used from within its own character tests. */
export class GlobProgram {
  readonly #items: readonly GlobItem[];
  readonly #head: string;
  readonly #tail: string;
  readonly #beginsAnywhere: boolean;
  #live: Int32Array;
  #next: Int32Array;
  readonly #marks: Int32Array;
  #mark = 0;
  #count = 0;

  constructor(items: readonly GlobItem[]) {
    this.#items = items;
    const wildcard = items.findIndex(({ kind }) => kind !== 'char');
    this.#head = literalText(wildcard < 0 ? items : items.slice(0, wildcard));
    this.#tail = literalText(items.slice(startOfTail(items)));
    const first = items[0]?.kind === 'option' ? items[1] : items[0];
    this.#beginsAnywhere = first?.kind === 'loop' && first.test === notNewline;
    this.#live = new Int32Array(items.length + 1);
    this.#next = new Int32Array(items.length + 1);
    this.#marks = new Int32Array(items.length + 1);
  }

  /** Whether the whole text matches. */
  matches(text: string): boolean {
    if (!text.startsWith(this.#head) || !text.endsWith(this.#tail)) return false;
    this.#run(text);
    return this.#marks[this.#items.length] === this.#mark;
  }

  /** Whether some text that begins with this one could match: false prunes a walk below a directory. */
  mayContinue(text: string): boolean {
    const known = Math.min(text.length, this.#head.length);
    if (!text.startsWith(this.#head.slice(0, known))) return false;
    // A wildcard in front that takes every character is still alive, whatever the text.
    return this.#beginsAnywhere || this.#run(text) > 0;
  }

  /** Leaves the positions after the text in `#live` (marked in `#marks`) and returns how many there are. */
  #run(text: string): number {
    const items = this.#items;
    this.#swap();
    this.#add(0, undefined, text.codePointAt(0));
    let live = this.#settle();
    for (let index = 0; index < text.length && live > 0; ) {
      const codePoint = text.codePointAt(index) as number;
      index += codePoint > 0xffff ? 2 : 1;
      const after = text.codePointAt(index);
      this.#swap();
      for (let at = 0; at < live; at++) {
        const position = this.#live[at] as number;
        const item = items[position];
        if (item === undefined) continue;
        if (item.kind === 'char' && item.codePoint === codePoint) this.#add(position + 1, codePoint, after);
        else if (item.kind === 'class' && item.test(codePoint)) this.#add(position + 1, codePoint, after);
        else if (item.kind === 'loop' && item.test(codePoint)) this.#add(position, codePoint, after);
      }
      live = this.#settle();
    }
    return live;
  }

  #swap(): void {
    this.#mark++;
    this.#count = 0;
  }

  #settle(): number {
    [this.#live, this.#next] = [this.#next, this.#live];
    return this.#count;
  }

  /** Adds a position and all that can be reached from it without consuming a character. */
  #add(from: number, before: number | undefined, after: number | undefined): void {
    for (let position = from; this.#marks[position] !== this.#mark; position++) {
      const item = this.#items[position];
      this.#marks[position] = this.#mark;
      if (item?.kind === 'option') {
        this.#add(position + 1, before, after);
        position += item.length;
        continue;
      }
      if (item?.kind === 'assertion') {
        if (!item.holds(before, after)) return;
        continue;
      }
      this.#next[this.#count++] = position;
      if (item?.kind !== 'loop') return;
    }
  }
}

function literalText(items: readonly GlobItem[]): string {
  return items.map((item) => (item.kind === 'char' ? String.fromCodePoint(item.codePoint) : '')).join('');
}

/** Where the characters begin that every match ends with; what an option leaves out does not belong to them. */
function startOfTail(items: readonly GlobItem[]): number {
  let start = 0;
  items.forEach((item, index) => {
    if (item.kind === 'option') start = Math.max(start, index + item.length + 1);
    else if (item.kind !== 'char') start = Math.max(start, index + 1);
  });
  return start;
}
