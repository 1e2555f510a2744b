import type { Command, Option } from 'commander';

export interface CommandLineState {
  /** The flag whose value the next word is. */
  readonly flag: Option | undefined;
  /** Positional arguments so far. */
  readonly arguments: number;
  /** `--` was written, or the image of `run`: what follows is no flag of the command. */
  readonly flagsEnded: boolean;
}

/** Where a command line stands after some words. */
export function commandLineState(
  command: Command,
  words: readonly string[],
  firstArgumentEnds: boolean,
): CommandLineState {
  let state: CommandLineState = { flag: undefined, arguments: 0, flagsEnded: false };
  for (const word of words) {
    if (state.flag) state = { ...state, flag: undefined };
    else if (word === '--' && !state.flagsEnded) state = { ...state, flagsEnded: true };
    else if (word.startsWith('-') && word !== '-' && !state.flagsEnded)
      state = { ...state, flag: openFlag(command, word) };
    else state = { ...state, arguments: state.arguments + 1, flagsEnded: state.flagsEnded || firstArgumentEnds };
  }
  return state;
}

/** The flag that ends with the word and still needs a value. */
function openFlag(command: Command, word: string): Option | undefined {
  const name = word.startsWith('--') ? word : `-${word.slice(-1)}`;
  return command.options.find((option) => option.required && (option.long === name || option.short === name));
}
