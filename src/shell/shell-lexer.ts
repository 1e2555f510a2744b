import type { ShellWord } from './shell-command.ts';
import type { ShellSource } from './shell-source.ts';

export type ShellToken =
  | { readonly kind: 'word'; readonly word: ShellWord; readonly inner: readonly ShellSource[] }
  | { readonly kind: 'operator'; readonly text: string; readonly start: number; readonly end: number };

/** Longest first. A newline is an operator. */
const OPERATORS = [
  '<<-',
  '<<<',
  '&&',
  '||',
  ';;',
  '>>',
  '<<',
  '>&',
  '<&',
  '>|',
  '&>',
  '|&',
  ';',
  '|',
  '&',
  '(',
  ')',
  '<',
  '>',
  '\n',
];

/**
 * Splits what a shell reads into words and operators (POSIX, "Shell Command Language" 2.3). Forgiving: an open quote or
 * bracket ends with the text. `inner` holds the texts of a word's command substitutions.
 */
export function readShellTokens(source: ShellSource): readonly ShellToken[] {
  return new ShellLexer(source).run();
}

class ShellLexer {
  readonly #text: string;
  readonly #offsets: readonly number[];
  readonly #tokens: ShellToken[] = [];
  #at = 0;

  constructor({ text, offsets }: ShellSource) {
    this.#text = text;
    this.#offsets = offsets;
  }

  run(): readonly ShellToken[] {
    while (this.#at < this.#text.length) this.#readToken();
    return this.#tokens;
  }

  #readToken(): void {
    const char = this.#text.charAt(this.#at);
    if (char === ' ' || char === '\t' || char === '\r') this.#at++;
    else if (char === '#') this.#skipComment();
    else if (this.#text.startsWith('\\\n', this.#at)) this.#at += 2;
    else this.#readOperator() || this.#readWord();
  }

  #skipComment(): void {
    const newline = this.#text.indexOf('\n', this.#at);
    this.#at = newline < 0 ? this.#text.length : newline;
  }

  #readOperator(): boolean {
    const operator = OPERATORS.find((candidate) => this.#text.startsWith(candidate, this.#at));
    if (operator === undefined) return false;
    const start = this.#at;
    this.#at += operator.length;
    this.#tokens.push({ kind: 'operator', text: operator, ...this.#place(start) });
    return true;
  }

  #place(start: number): { readonly start: number; readonly end: number } {
    const first = this.#offsets[start] ?? 0;
    // From the last character: the one behind it may stand on another line.
    return { start: first, end: this.#at > start ? (this.#offsets[this.#at - 1] ?? first) + 1 : first };
  }

  #readWord(): void {
    const start = this.#at;
    const inner: ShellSource[] = [];
    let text = '';
    let isLiteral = true;
    while (this.#at < this.#text.length && !this.#isWordEnd()) {
      const part = this.#readPart(inner);
      text += part.text;
      isLiteral &&= part.isLiteral;
    }
    this.#tokens.push({ kind: 'word', word: { text, isLiteral, ...this.#place(start) }, inner });
  }

  #isWordEnd(): boolean {
    return /[ \t\r\n;|&()<>]/.test(this.#text.charAt(this.#at));
  }

  #readPart(inner: ShellSource[]): { readonly text: string; readonly isLiteral: boolean } {
    const char = this.#text.charAt(this.#at);
    if (char === "'") return { text: this.#readSingleQuoted(), isLiteral: true };
    if (char === '"') return this.#readDoubleQuoted(inner);
    if (char === '\\') return { text: this.#readEscape(), isLiteral: true };
    if (char === '$' || char === '`') return this.#readSubstitution(inner);
    this.#at++;
    return { text: char, isLiteral: true };
  }

  #readEscape(): string {
    const next = this.#text.charAt(this.#at + 1);
    this.#at += 2;
    return next === '\n' ? '' : next;
  }

  #readSingleQuoted(): string {
    const close = this.#text.indexOf("'", this.#at + 1);
    const end = close < 0 ? this.#text.length : close;
    const text = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return text;
  }

  #readDoubleQuoted(inner: ShellSource[]): { readonly text: string; readonly isLiteral: boolean } {
    let text = '';
    let isLiteral = true;
    this.#at++;
    while (this.#at < this.#text.length && this.#text.charAt(this.#at) !== '"') {
      const char = this.#text.charAt(this.#at);
      if (char === '$' || char === '`') {
        const part = this.#readSubstitution(inner);
        text += part.text;
        isLiteral &&= part.isLiteral;
      } else if (char === '\\') {
        const next = this.#text.charAt(this.#at + 1);
        text += '$`"\\\n'.includes(next) ? next.replace('\n', '') : `\\${next}`;
        this.#at += 2;
      } else {
        text += char;
        this.#at++;
      }
    }
    this.#at++;
    return { text, isLiteral };
  }

  /** `$x`, `${x}`, `$(…)`, `$((…))`, a pair of backquotes; a lone `$` is itself. */
  #readSubstitution(inner: ShellSource[]): { readonly text: string; readonly isLiteral: boolean } {
    const start = this.#at;
    const rest = this.#text.slice(this.#at, this.#at + 2);
    if (rest === '$(') this.#skipBrackets('(', ')', start + 1);
    else if (rest === '${') this.#skipBrackets('{', '}', start + 1);
    else if (rest.startsWith('`')) this.#at = indexOrEnd(this.#text, '`', start + 1) + 1;
    else this.#at += /^\$(?:\w+|[?$!#@*-])/.exec(this.#text.slice(start, start + 256))?.[0].length ?? 1;
    const text = this.#text.slice(start, this.#at);
    const open = text.startsWith('$((') ? 0 : text.startsWith('$(') ? 2 : Number(text.startsWith('`'));
    if (open > 0) inner.push(this.#part(start + open, this.#at - 1));
    return { text, isLiteral: text === '$' };
  }

  #skipBrackets(open: string, close: string, from: number): void {
    let depth = 0;
    let quote = '';
    for (this.#at = from; this.#at < this.#text.length; this.#at++) {
      const char = this.#text.charAt(this.#at);
      if (char === '\\' && quote !== "'") this.#at++;
      else if (quote !== '') quote = char === quote ? '' : quote;
      else if (char === '"' || char === "'") quote = char;
      else if (char === open) depth++;
      else if (char === close && --depth === 0) break;
    }
    this.#at = Math.min(this.#at + 1, this.#text.length);
  }

  #part(start: number, end: number): ShellSource {
    return { text: this.#text.slice(start, end), offsets: this.#offsets.slice(start, end + 1) };
  }
}

function indexOrEnd(text: string, char: string, from: number): number {
  const index = text.indexOf(char, from);
  return index < 0 ? text.length : index;
}
