import { COMMANDS, type CommandEntry } from '../command-table.ts';
import type { Terminal } from '../terminal.ts';

/** What `slipway --help` shows: commands by group, two examples. */
export function rootHelp({ colors }: Terminal): string {
  const groups = [...new Set(COMMANDS.map(({ group }) => group))];
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const sections = groups.map((group) =>
    [
      colors.bold(`${group}:`),
      ...rows(
        COMMANDS.filter((command) => command.group === group),
        width,
      ),
    ].join('\n'),
  );
  return `${[
    'Usage: slipway COMMAND [OPTIONS]',
    'Builds a Dockerfile into an OCI image and runs it: one unprivileged process, no daemon.',
    ...sections,
    `${colors.bold('Examples:')}\n  slipway build -t hello .\n  slipway run --rm hello`,
    "slipway help COMMAND  a command's flags      slipway help CODE  what an error means",
  ].join('\n\n')}\n`;
}

/** What `slipway context --help` shows: the commands of two words that begin so. */
export function groupHelp(first: string, { colors }: Terminal): string {
  const below = COMMANDS.filter(({ name }) => name.startsWith(`${first} `));
  const width = Math.max(...below.map(({ name }) => name.length));
  return `${[
    `Usage: slipway ${first} COMMAND [OPTIONS]`,
    [colors.bold('Commands:'), ...rows(below, width)].join('\n'),
    `See "slipway help ${below[0]?.name}" for a command's flags.`,
  ].join('\n\n')}\n`;
}

function rows(commands: readonly CommandEntry[], width: number): string[] {
  return commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
}
