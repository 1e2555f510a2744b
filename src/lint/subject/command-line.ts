import type { ShellCommand, ShellWord } from '../../shell/shell-command.ts';

/** The words of a command told apart. */
export interface ParsedArgs {
  /** As written, `--flag=value` whole. */
  readonly flags: readonly ShellWord[];
  /** What is neither a flag nor the value of one. */
  readonly operands: readonly ShellWord[];
}

/** `valued` are the flags that take the next word as their value: `-o`, `--target`. */
export function parseArgs({ args }: ShellCommand, valued: readonly string[] = []): ParsedArgs {
  const flags: ShellWord[] = [];
  const operands: ShellWord[] = [];
  let isFlag = true;
  for (let at = 0; at < args.length; at++) {
    const word = args[at];
    if (word === undefined) break;
    if (isFlag && word.text === '--') isFlag = false;
    else if (isFlag && word.text.startsWith('-') && word.text !== '-') {
      flags.push(word);
      if (valued.includes(word.text)) at++;
    } else operands.push(word);
  }
  return { flags, operands };
}

/** The value behind a flag: `-o x`, `--output x`, `--output=x`; undefined when the flag is not there. */
export function flagValue({ args }: ShellCommand, ...flags: readonly string[]): ShellWord | undefined {
  for (const [index, word] of args.entries()) {
    if (flags.includes(word.text) || flags.some((flag) => endsCluster(word.text, flag))) return args[index + 1];
    const flag = flags.find((name) => name.startsWith('--') && word.text.startsWith(`${name}=`));
    if (flag !== undefined) return { ...word, text: word.text.slice(flag.length + 1) };
  }
  return undefined;
}

/** Short flags written together, of which only the last can take a value: `-fLo x`. */
function endsCluster(word: string, flag: string): boolean {
  return /^-[A-Za-z]$/.test(flag) && /^-[A-Za-z]{2,}$/.test(word) && word.endsWith(flag.charAt(1));
}
