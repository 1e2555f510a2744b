/**
 * Expands variables and takes off quotes as BuildKit's Dockerfile frontend does, which is near to a POSIX shell and not
 * the same: words are evaluated even where their result is not used, `$$` is a variable named `$`, and a substitution
 * in the middle of an unquoted word starts a new one when split into words. Knows nothing of instructions or scopes.
 */
import { KnownError } from '../diagnostics/known-error.ts';
import type { SourceRange } from '../diagnostics/source-range.ts';
import { replacePattern, trimPrefix, trimSuffix } from './shell-pattern.ts';
import { WordSplitter } from './word-splitter.ts';

/** Where values come from; a `Map` is one. */
export interface Variables {
  get(name: string): string | undefined;
}

export interface ExpandOptions {
  /** The file's escape character; a backslash unless told. */
  readonly escape?: '\\' | '`' | undefined;
  /** Quotes stay in the result: RUN's name in the progress. */
  readonly rawQuotes?: boolean | undefined;
  /** Escape characters stay in the result. */
  readonly rawEscapes?: boolean | undefined;
  /** Quotes are ordinary characters: the content of a heredoc. */
  readonly ignoreQuotes?: boolean | undefined;
  /** A variable that is not set stays as written instead of becoming empty. */
  readonly keepUnset?: boolean | undefined;
  /** Given to the error when the word cannot be expanded. */
  readonly range?: SourceRange | undefined;
}

export interface Expansion {
  /** The whole text, white space kept. */
  readonly text: string;
  /** The text split at unquoted white space, that of expanded values included. */
  readonly words: readonly string[];
  /** Names that were looked up and had a value. */
  readonly used: ReadonlySet<string>;
  /** Names that were looked up and had none, `${x:-default}` included. */
  readonly unset: ReadonlySet<string>;
}

/**
 * Expands a text: `$x ${x} ${x:-w} ${x-w} ${x:+w} ${x+w} ${x:?w} ${x?w} ${x#p} ${x##p} ${x%p} ${x%%p} ${x/p/w}
 * ${x//p/w}`, nested at will. Throws DOCKERFILE_VARIABLE for an open quote or brace, an unknown modifier, a missing
 * variable under `?`, a nesting deeper than 200 and a result above 16 Mi characters.
 */
export function expandWord(text: string, variables: Variables, options: ExpandOptions = {}): Expansion {
  try {
    return new Expander(text, variables, options).run();
  } catch (error) {
    if (error instanceof KnownError) error.at(options.range);
    throw error;
  }
}

/** Expands a text that stands for any number of words: EXPOSE. */
export function expandWords(text: string, variables: Variables, options: ExpandOptions = {}): readonly string[] {
  return expandWord(text, variables, options).words;
}

const MAX_DEPTH = 200;
const MAX_LENGTH = 16 * 1024 * 1024;
const END = '';

class Expander {
  readonly #source: string;
  readonly #variables: Variables;
  readonly #options: ExpandOptions;
  readonly #escape: string;
  readonly #used = new Set<string>();
  readonly #unset = new Set<string>();
  #rawEscapes: boolean;
  #at = 0;
  #depth = 0;
  /** The word being collected. One for all depths, as in BuildKit: a nested word drops what stood before it. */
  readonly #word = { text: '' };

  constructor(source: string, variables: Variables, options: ExpandOptions) {
    this.#source = source;
    this.#variables = variables;
    this.#options = options;
    this.#escape = options.escape ?? '\\';
    this.#rawEscapes = options.rawEscapes ?? false;
  }

  run(): Expansion {
    const { text, words } = this.#readUntil(END, this.#rawEscapes);
    return { text, words, used: this.#used, unset: this.#unset };
  }

  #peek(): string {
    const code = this.#source.codePointAt(this.#at);
    return code === undefined ? END : String.fromCodePoint(code);
  }

  #next(): string {
    const char = this.#peek();
    this.#at += char.length;
    return char;
  }

  /** Reads up to and over an unquoted `stop`, or to the end of the text. */
  #readUntil(stop: string, rawEscapes: boolean): { text: string; words: readonly string[] } {
    if (++this.#depth > MAX_DEPTH) throw failure(`Substitutions are nested deeper than ${MAX_DEPTH}.`);
    const outer = this.#rawEscapes;
    this.#rawEscapes = rawEscapes;
    this.#word.text = '';
    const words = new WordSplitter(this.#word);
    let text = '';
    for (let char = this.#peek(); char !== stop; char = this.#peek()) {
      if (char === END) throw failure(`The text ends before the closing "${stop}".`);
      text += this.#readPart(char, words);
      if (text.length > MAX_LENGTH) throw failure(`The text expands to more than ${MAX_LENGTH} characters.`);
    }
    this.#next();
    this.#rawEscapes = outer;
    this.#depth--;
    return { text, words: words.finish() };
  }

  #readPart(char: string, words: WordSplitter): string {
    const plain = this.#readPlain();
    if (plain !== '') return words.addSplit(plain);
    const quotes = !this.#options.ignoreQuotes;
    if (char === '$') return words.addSplit(this.#readDollar());
    if (char === '<') return words.addWhole(this.#readAngle());
    if (quotes && char === "'") return words.addWhole(this.#readSingleQuoted());
    if (quotes && char === '"') return words.addWhole(this.#readDoubleQuoted());
    this.#next();
    if (char !== this.#escape) return words.addSplit(char);
    const kept = this.#rawEscapes ? words.addWhole(char) : '';
    // At the end of the text an escape disappears.
    return this.#peek() === END ? kept : kept + words.addWhole(this.#next());
  }

  /** Characters that mean nothing anywhere, in one go. */
  #readPlain(): string {
    const plain = /[^$<'"\\`}/]+/y;
    plain.lastIndex = this.#at;
    const found = plain.exec(this.#source)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #readSingleQuoted(): string {
    const start = this.#at;
    const close = this.#source.indexOf("'", start + 1);
    if (close < 0) throw failure('A single quote is not closed.');
    this.#at = close + 1;
    return this.#options.rawQuotes ? this.#source.slice(start, close + 1) : this.#source.slice(start + 1, close);
  }

  #readDoubleQuoted(): string {
    const quote = this.#options.rawQuotes ? '"' : '';
    this.#next();
    let text = quote;
    for (let char = this.#peek(); char !== '"'; char = this.#peek()) {
      if (char === END) throw failure('A double quote is not closed.');
      text += char === '$' ? this.#readDollar() : this.#readQuotedChar();
    }
    this.#next();
    return text + quote;
  }

  /** Within double quotes only the quote, the dollar sign and the escape itself can be escaped. */
  #readQuotedChar(): string {
    const char = this.#next();
    if (char !== this.#escape) return char;
    const kept = this.#rawEscapes ? char : '';
    const next = this.#peek();
    if (next === END) return kept;
    return kept + (next === '"' || next === '$' || next === this.#escape ? this.#next() : char);
  }

  /** `<< EOF` is one word: the blanks after `<<` do not split. */
  #readAngle(): string {
    this.#next();
    if (this.#peek() !== '<') return '<';
    const start = this.#at - 1;
    this.#next();
    while (' \t\r'.includes(this.#peek()) && this.#peek() !== END) this.#next();
    return this.#source.slice(start, this.#at);
  }

  #readDollar(): string {
    this.#next();
    if (this.#peek() === '{') return this.#readBraced();
    const name = this.#readName();
    if (name === '') return '$';
    return this.#lookUp(name) ?? (this.#options.keepUnset ? `$${name}` : '');
  }

  #readBraced(): string {
    this.#next();
    if (this.#peek() === END) throw failure('A substitution is not closed: "}" is missing.');
    if ('{}:'.includes(this.#peek())) throw failure(`"\${${this.#peek()}" is no substitution.`);
    const name = this.#readName();
    const modifier = this.#next();
    if (modifier === '}') return this.#lookUp(name) ?? (this.#options.keepUnset ? `\${${name}}` : '');
    if (modifier === '/') return this.#readReplacement(name);
    const kind = modifier === ':' ? this.#next() : modifier;
    if ('+-?'.includes(kind) && kind !== END) return this.#readConditional(name, modifier === ':', kind);
    if ((modifier === '#' || modifier === '%') && kind !== END) return this.#readTrim(name, modifier);
    if (kind === END) throw failure('A substitution is not closed: "}" is missing.');
    throw failure(`"${modifier === ':' ? `:${kind}` : kind}" is no modifier of a substitution.`);
  }

  #readConditional(name: string, emptyIsUnset: boolean, kind: string): string {
    const { text: word } = this.#readUntil('}', false);
    const value = this.#lookUp(name);
    const missing = value === undefined || (emptyIsUnset && value === '');
    if (value === undefined && this.#options.keepUnset) return `\${${name}${emptyIsUnset ? ':' : ''}${kind}${word}}`;
    if (kind === '-') return missing ? word : value;
    if (kind === '+') return missing ? '' : word;
    if (!missing) return value;
    const state = value === undefined ? 'is not set' : 'is empty';
    throw failure(word === '' ? `The variable "${name}" ${state}.` : `${name}: ${word}`);
  }

  #readTrim(name: string, kind: '#' | '%'): string {
    const { text: word } = this.#readUntil('}', true);
    const value = this.#lookUp(name);
    if (value === undefined && this.#options.keepUnset) return `\${${name}${kind}${word}}`;
    const greedy = word.startsWith(kind);
    const pattern = greedy ? word.slice(1) : word;
    const trim = kind === '#' ? trimPrefix : trimSuffix;
    return trim(pattern, value ?? '', greedy);
  }

  #readReplacement(name: string): string {
    const all = this.#peek() === '/';
    if (all) this.#next();
    const { text: pattern } = this.#readUntil('/', true);
    const { text: replacement } = this.#readUntil('}', true);
    const value = this.#lookUp(name);
    if (value === undefined && this.#options.keepUnset) return `\${${name}/${pattern}/${replacement}}`;
    return replacePattern(pattern, value ?? '', { all, replacement, maxLength: MAX_LENGTH });
  }

  /** A run of digits, one special parameter, or letters, digits and underscores; empty when there is none. */
  #readName(): string {
    const name = /\p{Nd}+|[@*#?\-$!]|[\p{L}_][\p{L}\p{Nd}_]*/uy;
    name.lastIndex = this.#at;
    const found = name.exec(this.#source)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #lookUp(name: string): string | undefined {
    const value = this.#variables.get(name);
    (value === undefined ? this.#unset : this.#used).add(name);
    return value;
  }
}

function failure(message: string): KnownError {
  return new KnownError('DOCKERFILE_VARIABLE', message);
}
