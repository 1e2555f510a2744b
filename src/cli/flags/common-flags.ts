import type { Command } from 'commander';

/** Every command that opens the store has it. */
export function rootFlag(command: Command): Command {
  return command.option('--root <path>', 'folder of the store');
}

/** For flags that may be given several times. */
export function collect(value: string, all: readonly string[]): readonly string[] {
  return [...all, value];
}
