import { COMMANDS } from '../command-table.ts';
import type { Terminal } from '../terminal.ts';

/** What `slipway --help` shows: commands by group, two examples. */
export function rootHelp({ colors }: Terminal): string {
  const groups = [...new Set(COMMANDS.map(({ group }) => group))];
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const sections = groups.map((group) => {
    const rows = COMMANDS.filter((command) => command.group === group);
    return [colors.bold(`${group}:`), ...rows.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)].join(
      '\n',
    );
  });
  return `${[
    'Usage: slipway COMMAND [OPTIONS]',
    'Builds a Dockerfile into an OCI image and runs it: one unprivileged process, no daemon.',
    ...sections,
    `${colors.bold('Examples:')}\n  slipway build -t hello .\n  slipway run --rm hello`,
    'See "slipway COMMAND --help" for a command\'s options.',
  ].join('\n\n')}\n`;
}
