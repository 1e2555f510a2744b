import { Command, CommanderError } from 'commander';
import { KnownError } from '../diagnostics/known-error.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { CommandContext } from './command.ts';
import { COMMANDS, type CommandEntry } from './command-table.ts';
import { enterNamespace } from './enter-namespace.ts';
import { explainSystemError } from './explain-system-error.ts';
import { interruptSignal } from './interrupt.ts';
import { renderError } from './render/error.ts';
import { rootHelp } from './render/help.ts';
import { createTerminal } from './terminal.ts';
import { versionLine } from './version.ts';

/** Runs one command line and resolves to its exit code: 0; 1 the work failed; 2 wrong usage; `run` passes on the container's. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  const { env, stdin } = process;
  const stdout = createTerminal(process.stdout, env);
  const stderr = createTerminal(process.stderr, env);
  // A reader that went away (`slipway images | head -1`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  const context: CommandContext = { env, cwd: process.cwd(), stdin, stdout, stderr, signal: interruptSignal() };
  try {
    return await dispatch(context, argv);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const shown = explainSystemError(error);
    stderr.write(renderError(shown, stderr));
    return shown instanceof KnownError ? shown.exitCode : 1;
  }
}

async function dispatch(context: CommandContext, argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || (name === 'help' && rest.length === 0)) {
    context.stdout.write(rootHelp(context.stdout));
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    context.stdout.write(`${versionLine()}\n`);
    return 0;
  }
  if (name === 'help') return dispatch(context, [...rest, '--help']);
  return runCommand(context, findCommand(name), rest);
}

function findCommand(name: string): CommandEntry {
  const entry = COMMANDS.find((command) => command.name === name || command.aliases?.includes(name));
  if (entry) return entry;
  const meant = nearest(
    name,
    COMMANDS.map((command) => command.name),
  );
  throw new KnownError('USAGE', `"${name}" is not a slipway command.`, {
    hint: meant ? `Did you mean "slipway ${meant}"?` : 'See "slipway --help".',
    exitCode: 2,
  });
}

async function runCommand(context: CommandContext, entry: CommandEntry, argv: readonly string[]): Promise<number> {
  const { command: module } = await entry.load();
  let exitCode = 0;
  const command = new Command(`slipway ${entry.name}`)
    .description(entry.summary)
    .exitOverride()
    .helpOption('-h, --help', 'show this help')
    .configureHelp({ helpWidth: Math.min(context.stdout.columns(), 110) })
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      outputError: (text, write) => write(`${text.trimEnd()}\nSee "slipway ${entry.name} --help".\n`),
    });
  module.configure(command);
  command.action(async () => {
    const inNamespace = entry.inUserNamespace ? await enterNamespace(context.env) : undefined;
    exitCode = inNamespace ?? (await module.run(context, command.args, command.opts()));
  });
  await command.parseAsync([...argv], { from: 'user' });
  return exitCode;
}
