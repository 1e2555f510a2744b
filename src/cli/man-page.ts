/** Manual pages from the same declarations as help: roff for man(1), one page a command. */
import type { Option } from 'commander';
import { COMMANDS, type CommandEntry } from './command-table.ts';
import { declareCommand, usageLine, visibleOptions } from './declare-command.ts';
import { Setting } from './flags/setting.ts';
import { version } from './version.ts';

export interface ManPage {
  /** `slipway-build.1`. */
  readonly file: string;
  readonly text: string;
}

/** The pages of all commands, and the one that names them. */
export async function manPages(): Promise<readonly ManPage[]> {
  return [rootPage(), ...(await Promise.all(COMMANDS.map(commandPage)))];
}

function rootPage(): ManPage {
  const groups = [...new Set(COMMANDS.map(({ group }) => group))];
  const commands = groups.flatMap((group) => [
    `.SS ${group}`,
    ...COMMANDS.filter((entry) => entry.group === group).flatMap(({ name, summary }) => [
      '.TP',
      `.BR ${pageName(name).replaceAll('-', '\\-')} (1)`,
      roff(summary),
    ]),
  ]);
  const text = [
    heading('slipway'),
    '.SH NAME',
    'slipway \\- builds a Dockerfile into an OCI image and runs it',
    '.SH SYNOPSIS',
    '.B slipway',
    'COMMAND [OPTIONS]',
    '.SH DESCRIPTION',
    roff(
      'One unprivileged process and no daemon. "slipway help COMMAND" shows the flags of a command, "slipway help CODE" what an error means.',
    ),
    '.SH COMMANDS',
    ...commands,
    '.SH EXIT STATUS',
    roff(
      '0; 1 when the work failed; 2 for wrong usage. "slipway run" passes on the exit status of the container, with 125, 126 and 127 as docker has them.',
    ),
    '',
  ];
  return { file: 'slipway.1', text: text.join('\n') };
}

async function commandPage(entry: CommandEntry): Promise<ManPage> {
  const { command } = await declareCommand(entry);
  let after = '';
  command.configureOutput({ writeOut: (text) => (after += text) });
  command.configureHelp({ formatHelp: () => '' });
  command.outputHelp();
  const [notes = '', examples = ''] = after.trim().split(/^Examples:\n/m);
  const name = pageName(entry.name);
  const options = visibleOptions(command);
  const headings = [...new Set(options.map(({ helpGroupHeading }) => helpGroupHeading ?? 'Options:'))];
  const text = [
    heading(name),
    '.SH NAME',
    `${roff(name)} \\- ${roff(entry.summary)}`,
    '.SH SYNOPSIS',
    `.B ${roff(usageLine(command))}`,
    ...(command.registeredArguments.length > 0 ? ['.SH ARGUMENTS'] : []),
    ...command.registeredArguments.flatMap((argument) => [
      '.TP',
      `.I ${roff(argument.name())}`,
      roff(argument.description),
    ]),
    ...(options.length > 0 ? ['.SH OPTIONS'] : []),
    ...headings.flatMap((title) => [
      ...(headings.length > 1 ? [`.SS ${roff(title.replace(/:$/, ''))}`] : []),
      ...options.filter((option) => (option.helpGroupHeading ?? 'Options:') === title).flatMap(optionLines),
    ]),
    ...(notes.trim() === '' ? [] : ['.SH NOTES', roff(notes.trim())]),
    '.SH EXAMPLES',
    '.nf',
    roff(examples.trimEnd()),
    '.fi',
    '.SH SEE ALSO',
    '.BR slipway (1)',
    '',
  ];
  return { file: `${name}.1`, text: text.join('\n') };
}

function optionLines(option: Option): readonly string[] {
  const variables =
    option instanceof Setting && option.variables.length > 0 ? ` Environment: ${option.variables.join(', ')}.` : '';
  return ['.TP', `.B ${roff(option.flags)}`, roff(`${option.description}.${variables}`)];
}

function pageName(command: string): string {
  return `slipway-${command.replaceAll(' ', '-')}`;
}

function heading(name: string): string {
  return `.TH ${name.toUpperCase().replaceAll('-', '\\-')} 1 "" "slipway ${version()}" "Slipway"`;
}

/** Text that roff takes as it stands. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');
}
