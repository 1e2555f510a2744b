import type { Command } from 'commander';
import type { Terminal } from './terminal.ts';

/** What a command gets from the outside: nothing below `cli/` reads the process's own. */
export interface CommandContext {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  /** Aborted by the first Ctrl-C or SIGTERM; its reason is a KnownError BUILD_CANCELLED. */
  readonly signal: AbortSignal;
}

/** One subcommand: a file in `commands/` of its name, and one line in `command-table.ts`. */
export interface CommandModule {
  /** Declares arguments and flags, and examples as help text after them. */
  configure(command: Command): void;
  /** Resolves to the exit code. `args` are the positional arguments as commander parsed them. */
  run(context: CommandContext, args: readonly string[], options: Readonly<Record<string, unknown>>): Promise<number>;
}
