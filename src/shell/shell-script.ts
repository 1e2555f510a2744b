/**
 * Reads the simple commands of a shell text with their places in the Dockerfile, for those who look at what a RUN does.
 * It runs nothing, expands nothing and never fails: what it cannot make sense of is a command with odd words. What
 * surprises: commands of loops, groups and substitutions stand in the same flat list, deeper (`depth`).
 */
import type { Redirection, ShellCommand, ShellOperator, ShellWord } from './shell-command.ts';
import { readShellTokens, type ShellToken } from './shell-lexer.ts';
import type { ShellSource } from './shell-source.ts';

const OPENING: ReadonlySet<string> = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do', '{', '!']);
const CLOSING: ReadonlySet<string> = new Set(['fi', 'done', 'esac', '}']);
/** Their words up to the next operator, or to `in`, are no command. */
const HEADERS: ReadonlySet<string> = new Set(['for', 'case', 'select', 'function']);
const DEEPER: ReadonlySet<string> = new Set(['if', 'while', 'until', 'for', 'case', 'select', '{']);
const ASSIGNMENT = /^[A-Za-z_]\w*\+?=/;
/** Substitutions in substitutions beyond this are not looked into. */
const MOST_DEPTH = 20;

/** In the order of the text; a command's substitutions come after it. */
export function readShellCommands(source: ShellSource, depth = 0): readonly ShellCommand[] {
  return depth > MOST_DEPTH ? [] : new CommandReader(depth).run(readShellTokens(source));
}

class CommandReader {
  readonly #commands: ShellCommand[] = [];
  #depth: number;
  #before: ShellOperator = 'start';
  #words: ShellWord[] = [];
  #redirections: Redirection[] = [];
  #inner: ShellSource[] = [];
  /** Delimiters of documents that begin behind the next newline. */
  #documents: string[] = [];
  /** `header`: in the words of a loop or `case`. `patterns`: in front of a `)` of `case`. */
  #mode: 'command' | 'header' | 'patterns' = 'command';
  #openCases = 0;

  constructor(depth: number) {
    this.#depth = depth;
  }

  run(tokens: readonly ShellToken[]): readonly ShellCommand[] {
    for (let at = 0; at < tokens.length; at++) {
      const token = tokens[at];
      if (token?.kind === 'word') this.#readWord(token);
      else if (token && /[<>]/.test(token.text)) at += this.#readRedirection(token.text, tokens[at + 1]);
      else if (token) {
        this.#readOperator(token.text);
        if (token.text === '\n') at = this.#skipDocuments(tokens, at);
      }
    }
    this.#finish('newline');
    return this.#commands;
  }

  #readWord({ word, inner }: Extract<ShellToken, { kind: 'word' }>): void {
    this.#inner.push(...inner);
    if (this.#mode === 'header') {
      if (word.text === 'in') this.#mode = this.#openCases > 0 ? 'patterns' : 'header';
    } else if (this.#words.length > 0 || !word.isLiteral || !this.#readKeyword(word.text)) {
      this.#words.push(word);
    }
  }

  #readKeyword(text: string): boolean {
    if (this.#mode === 'patterns' && text !== 'esac') return false;
    if (DEEPER.has(text)) this.#depth++;
    if (text === 'case') this.#openCases++;
    if (text === 'esac') this.#openCases = Math.max(0, this.#openCases - 1);
    if (HEADERS.has(text)) this.#mode = 'header';
    else if (CLOSING.has(text)) {
      this.#depth = Math.max(0, this.#depth - 1);
      this.#mode = 'command';
    } else if (!OPENING.has(text)) return false;
    this.#before = 'keyword';
    return true;
  }

  /** Returns how many tokens it took in besides the operator. */
  #readRedirection(operator: string, target: ShellToken | undefined): number {
    const fd = this.#words.at(-1);
    const digits = fd && /^\d$/.test(fd.text) && fd.isLiteral ? fd.text : '';
    if (digits !== '') this.#words.pop();
    if (target?.kind !== 'word') return 0;
    this.#inner.push(...target.inner);
    this.#redirections.push({ operator: `${digits}${operator}`, target: target.word });
    if (operator === '<<' || operator === '<<-') this.#documents.push(target.word.text);
    return 1;
  }

  #readOperator(text: string): void {
    if (this.#mode === 'patterns' && text !== '\n') {
      this.#words = [];
      this.#mode = text === ')' ? 'command' : 'patterns';
      return;
    }
    this.#finish(operatorNamed(text));
    if (this.#mode === 'header' && text !== '\n') this.#mode = 'command';
    if (text === ';;' && this.#openCases > 0) this.#mode = 'patterns';
    if (text === '(') this.#depth++;
    if (text === ')') this.#depth = Math.max(0, this.#depth - 1);
  }

  /** Lines of documents are data: what stands up to the delimiter's line is left out. */
  #skipDocuments(tokens: readonly ShellToken[], at: number): number {
    let next = at;
    for (const delimiter of this.#documents) {
      const end = tokens.findIndex((_, index) => index > next && isDelimiter(tokens, index, delimiter));
      next = end < 0 ? tokens.length : end;
    }
    this.#documents = [];
    return next;
  }

  #finish(next: ShellOperator): void {
    const command = this.#command();
    if (command) this.#commands.push(command);
    const inner = this.#inner;
    [this.#words, this.#inner, this.#redirections, this.#before] = [[], [], [], next];
    for (const source of inner) this.#commands.push(...readShellCommands(source, this.#depth + 1));
  }

  #command(): ShellCommand | undefined {
    const words = this.#words;
    const [first] = words;
    if (!first) return undefined;
    const named = words.findIndex(({ text }) => !ASSIGNMENT.test(text));
    const ends = [words.at(-1)?.end ?? 0, ...this.#redirections.map(({ target }) => target?.end ?? 0)];
    return {
      name: words[named]?.text ?? '',
      nameWord: words[named],
      args: named < 0 ? [] : words.slice(named + 1),
      assignments: named < 0 ? words : words.slice(0, named),
      redirections: this.#redirections,
      before: this.#before,
      depth: this.#depth,
      start: first.start,
      end: Math.max(...ends),
    };
  }
}

function operatorNamed(text: string): ShellOperator {
  if (text === '\n') return 'newline';
  if (text === ';;' || text === ')') return ';';
  return text === '|&' ? '|' : (text as ShellOperator);
}

function isDelimiter(tokens: readonly ShellToken[], index: number, delimiter: string): boolean {
  const [before, token] = [tokens[index - 1], tokens[index]];
  const startsLine = before?.kind === 'operator' && before.text === '\n';
  return startsLine && token?.kind === 'word' && token.word.text === delimiter;
}
