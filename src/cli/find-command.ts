import { KnownError } from '../diagnostics/known-error.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { COMMANDS, type CommandEntry } from './command-table.ts';
import { insteadOfDocker } from './docker-command.ts';

export interface FoundCommand {
  readonly entry: CommandEntry;
  /** What follows its name. */
  readonly argv: readonly string[];
}

/** The command that the words begin with; its name may be of two words (`context ls`). undefined: there is none. */
export function matchCommand(words: readonly string[]): FoundCommand | undefined {
  for (const entry of COMMANDS) {
    for (const name of [entry.name, ...(entry.aliases ?? [])]) {
      const parts = name.split(' ');
      if (parts.every((part, index) => words[index] === part)) return { entry, argv: words.slice(parts.length) };
    }
  }
  return undefined;
}

/** The commands below a first word that is none itself: those of `context`. */
export function commandsBelow(word: string): readonly CommandEntry[] {
  return COMMANDS.filter(({ name }) => name.startsWith(`${word} `));
}

/** @throws KnownError USAGE with the nearest name. */
export function findCommand(words: readonly string[]): FoundCommand {
  const found = matchCommand(words);
  if (found) return found;
  const [first = '', second] = words;
  const below = commandsBelow(first);
  throw below.length > 0 ? unknownBelow(first, second, below) : unknown(words);
}

function unknown(words: readonly string[]): KnownError {
  const [name = ''] = words;
  const instead = insteadOfDocker(words, (other) => COMMANDS.some((command) => command.name === other));
  const meant = nearest(
    name,
    COMMANDS.map((command) => command.name.split(' ')[0] ?? ''),
  );
  return new KnownError('USAGE', `${JSON.stringify(name)} is not a slipway command.`, {
    hint: instead ?? (meant ? `Did you mean "slipway ${meant}"?` : 'See "slipway --help".'),
    exitCode: 2,
  });
}

function unknownBelow(first: string, second: string | undefined, below: readonly CommandEntry[]): KnownError {
  const names = below.map(({ name }) => name.slice(first.length + 1));
  const meant = nearest(second ?? '', names);
  const message =
    second === undefined
      ? `"slipway ${first}" needs to know what to do.`
      : `${JSON.stringify(`${first} ${second}`)} is not a slipway command.`;
  return new KnownError('USAGE', message, {
    hint: meant
      ? `Did you mean "slipway ${first} ${meant}"?`
      : `It is one of: ${below.map(({ name }) => `slipway ${name}`).join(', ')}.`,
    exitCode: 2,
  });
}
