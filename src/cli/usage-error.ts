import type { Command, CommanderError } from 'commander';
import type { KnownError } from '../diagnostics/known-error.ts';
import { usageError } from './flags/csv-fields.ts';

/** What commander found wrong with a command line, in our words: one sentence, and a hint that leads on. */
export function usageErrorOf(error: CommanderError, command: Command): KnownError {
  const [text = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const help = `See "${command.name()} --help".`;
  const [, named = ''] = /'(.*?)'/.exec(text) ?? [];
  switch (error.code) {
    case 'commander.unknownOption': {
      const meant = /Did you mean (.*)\?/.exec(suggestion ?? '')?.[1];
      return usageError(
        `"${command.name()}" has no flag ${named.replace(/=.*/s, '')}.`,
        meant ? `Did you mean ${meant}?` : help,
      );
    }
    case 'commander.optionMissingArgument':
      return usageError(`The flag ${named} needs a value.`, help);
    case 'commander.missingArgument':
      return usageError(`"${command.name()}" needs <${named}>.`, help);
    case 'commander.excessArguments':
      return usageError(tooMany(text, command), help);
    default:
      return usageError(`${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.?$/, '.')}`, help);
  }
}

function tooMany(text: string, command: Command): string {
  const [, expected = '', got = ''] = /Expected (\d+) arguments? but got (\d+)/.exec(text) ?? [];
  const takes = expected === '0' ? 'no argument' : expected === '1' ? 'one argument' : `${expected} arguments`;
  return `"${command.name()}" takes ${takes}, not ${got}.`;
}
