/** A word of a command. */
export interface ShellWord {
  /** Quotes and escapes taken off; variables and substitutions as written. */
  readonly text: string;
  /** Holds no variable and no command substitution: `text` is what the program gets (globs aside). */
  readonly isLiteral: boolean;
  /** Offsets in the Dockerfile's text; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

/** What stands between a command and the one before it. */
export type ShellOperator = 'start' | '&&' | '||' | ';' | '|' | '&' | 'newline' | '(' | '{' | 'keyword';

/** A simple command (POSIX, "Shell Command Language" 2.9.1), wherever it stands: in a list, a loop, a substitution. */
export interface ShellCommand {
  /** The program as written; '' where there are only assignments. */
  readonly name: string;
  readonly nameWord: ShellWord | undefined;
  /** What follows the name, redirections left out. */
  readonly args: readonly ShellWord[];
  /** `NAME=value` in front of the name, or alone. */
  readonly assignments: readonly ShellWord[];
  readonly redirections: readonly Redirection[];
  readonly before: ShellOperator;
  /** 0 in the list itself; one more in each subshell, group, loop or substitution. */
  readonly depth: number;
  readonly start: number;
  readonly end: number;
}

export interface Redirection {
  /** `>`, `>>`, `<`, `<<`, `2>` …, digits included. */
  readonly operator: string;
  readonly target: ShellWord | undefined;
}

/** Programs that run the command that follows them, with the flags of theirs that take a value. */
const WRAPPERS: Readonly<Record<string, readonly string[]>> = {
  sudo: ['-u', '-g', '-C', '-h', '-p'],
  env: ['-u', '-C', '-S'],
  exec: ['-a'],
  command: [],
  builtin: [],
  time: ['-f', '-o'],
  nice: ['-n'],
  nohup: [],
  eatmydata: [],
};

/**
 * The command that really runs: behind `sudo`, `env A=b`, `exec`, `time` … and without the path of its program. The
 * command itself when nothing wraps it.
 */
export function wrappedCommand(command: ShellCommand): ShellCommand {
  const known = WRAPPED.get(command) ?? unwrap(command);
  WRAPPED.set(command, known);
  return known;
}

/** Everybody who looks at a command asks for what it wraps. */
const WRAPPED = new WeakMap<ShellCommand, ShellCommand>();

function unwrap(command: ShellCommand): ShellCommand {
  const base = command.name.slice(command.name.lastIndexOf('/') + 1);
  const valued = WRAPPERS[base];
  if (!valued) return base === command.name ? command : { ...command, name: base };
  const { args } = command;
  let at = 0;
  const assignments: ShellWord[] = [];
  for (; at < args.length; at++) {
    const word = args[at];
    if (word === undefined) break;
    if (word.text.startsWith('-')) at += Number(valued.includes(word.text));
    else if (/^[A-Za-z_]\w*=/.test(word.text)) assignments.push(word);
    else break;
  }
  const nameWord = args[at];
  if (!nameWord) return { ...command, name: base };
  const next = { ...command, name: nameWord.text, nameWord, args: args.slice(at + 1) };
  return wrappedCommand({ ...next, assignments: [...command.assignments, ...assignments] });
}
