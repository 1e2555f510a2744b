import { CommanderError } from 'commander';
import { KnownError } from '../diagnostics/known-error.ts';
import type { CommandContext } from './command.ts';
import { declareCommand, styleHelp } from './declare-command.ts';
import { enterNamespace } from './enter-namespace.ts';
import { explainSystemError } from './explain-system-error.ts';
import { commandsBelow, type FoundCommand, findCommand } from './find-command.ts';
import { applySettings } from './flags/setting.ts';
import { errorPage, looksLikeErrorCode, rulePage } from './help-page.ts';
import { interruptSignal } from './interrupt.ts';
import { normalizeArgv } from './normalize-argv.ts';
import { renderError } from './render/error.ts';
import { groupHelp, rootHelp } from './render/help.ts';
import { createTerminal } from './terminal.ts';
import { usageErrorOf } from './usage-error.ts';
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
    const shown = explainSystemError(error);
    stderr.write(renderError(shown, stderr));
    return shown instanceof KnownError ? shown.exitCode : 1;
  }
}

async function dispatch(context: CommandContext, argv: readonly string[]): Promise<number> {
  const { stdout } = context;
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || (name === 'help' && rest.length === 0)) {
    stdout.write(rootHelp(stdout));
    return name === undefined ? 2 : 0;
  }
  if (name === '--version' || name === '-v') {
    stdout.write(`${versionLine()}\n`);
    return 0;
  }
  if (name === '__complete') {
    const { complete } = await import('./completion/complete.ts');
    stdout.write(await complete(rest, context));
    return 0;
  }
  if (name === '__man') {
    const { writeManPages } = await import('./write-man-pages.ts');
    await writeManPages(rest[0] ?? '.');
    return 0;
  }
  if (name === 'help' && looksLikeErrorCode(rest[0] ?? '')) {
    stdout.write(errorPage(rest[0] ?? '', stdout));
    return 0;
  }
  const aboutRule = name === 'help' && rest.length === 1 ? rulePage(rest[0] ?? '', stdout) : undefined;
  if (aboutRule !== undefined) {
    stdout.write(aboutRule);
    return 0;
  }
  if (name === 'help') return dispatch(context, [...rest, '--help']);
  const isHelp = rest.length === 1 && (rest[0] === '--help' || rest[0] === '-h');
  if (isHelp && commandsBelow(name).length > 0) {
    stdout.write(groupHelp(name, stdout));
    return 0;
  }
  return runCommand(context, findCommand(argv));
}

async function runCommand(context: CommandContext, { entry, argv }: FoundCommand): Promise<number> {
  const { command, module } = await declareCommand(entry);
  let exitCode = 0;
  styleHelp(command, context.stdout);
  command.configureOutput({
    writeOut: (text) => context.stdout.write(text),
    outputError: () => undefined,
  });
  applySettings(command, context.env);
  command.action(async () => {
    const inNamespace = entry.inUserNamespace ? await enterNamespace(context.env) : undefined;
    exitCode = inNamespace ?? (await module.run(context, command.args, command.opts()));
  });
  try {
    const words = normalizeArgv(command, argv, { firstArgumentEnds: entry.name === 'run' });
    await command.parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageErrorOf(error, command);
  }
  return exitCode;
}
