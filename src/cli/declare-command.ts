import { Command, type Help, type Option } from 'commander';
import type { CommandModule } from './command.ts';
import type { CommandEntry } from './command-table.ts';
import type { Terminal } from './terminal.ts';

export interface DeclaredCommand {
  /** Arguments, flags and examples; what runs is not attached yet. */
  readonly command: Command;
  readonly module: CommandModule;
}

/** Longer lines of help are hard to read, however wide the terminal is. */
const HELP_WIDTH = 110;

/**
 * A subcommand as its module declares it. The command line, completion, man pages and the reference are all made from
 * this, so that none of them can know a flag that another does not.
 */
export async function declareCommand(entry: CommandEntry): Promise<DeclaredCommand> {
  const { command: module } = await entry.load();
  const command = new Command(`slipway ${entry.name}`)
    .description(entry.summary)
    .helpOption('-h, --help', 'show this help')
    .exitOverride();
  module.configure(command);
  return { command, module };
}

/** How help looks: grouped by heading, headings in bold, the defaults of flags in words of their own descriptions. */
export function styleHelp(command: Command, terminal: Terminal): void {
  command.configureHelp({
    helpWidth: Math.min(terminal.columns(), HELP_WIDTH),
    styleTitle: (title) => terminal.colors.bold(title),
    commandUsage: usageLine,
    optionDescription: ({ description }) => description,
  } satisfies Partial<Help>);
}

/** `slipway build [OPTIONS] <context>`: a usage line in docker's spelling. */
export function usageLine(command: Command): string {
  const args = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), '[OPTIONS]', ...args].join(' ');
}

/** The flags that help shows, in the order of their declaration. */
export function visibleOptions(command: Command): readonly Option[] {
  return command.options.filter(({ hidden }) => !hidden);
}
