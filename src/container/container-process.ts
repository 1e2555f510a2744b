import { posix } from 'node:path';
import { KnownError } from '../diagnostics/known-error.ts';
import type { ContainerConfig } from '../image/image-config.ts';
import type { RunOptions } from './run-options.ts';

const DEFAULT_PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

type ProcessOptions = Pick<RunOptions, 'command' | 'entrypoint' | 'env' | 'workdir' | 'terminal'>;

/**
 * What the container runs, as docker combines it: Entrypoint then Cmd; a command replaces Cmd, an entrypoint replaces
 * Entrypoint and drops Cmd.
 * @throws KnownError COMMAND_NOT_FOUND (125) when neither the image nor the user names anything to run.
 */
export function containerArgv(
  config: ContainerConfig,
  { command, entrypoint }: Pick<RunOptions, 'command' | 'entrypoint'>,
): readonly string[] {
  const program = entrypoint === undefined ? (config.Entrypoint ?? []) : entrypoint === '' ? [] : [entrypoint];
  const args = command.length > 0 || entrypoint !== undefined ? command : (config.Cmd ?? []);
  const argv = [...program, ...args];
  if (argv.length > 0) return argv;
  throw new KnownError('COMMAND_NOT_FOUND', 'No command is given, and the image names none.', {
    hint: 'Write it after the image: slipway run IMAGE COMMAND.',
    exitCode: 125,
  });
}

/** The image's variables, overridden by the user's; PATH and HOSTNAME always, TERM with a terminal, as docker sets them. */
export function containerEnv(
  config: ContainerConfig,
  hostname: string,
  { env, terminal }: ProcessOptions,
): readonly string[] {
  const variables = new Map<string, string>();
  const defaults = [DEFAULT_PATH, `HOSTNAME=${hostname}`, ...(terminal ? ['TERM=xterm'] : [])];
  for (const assignment of [...defaults, ...(config.Env ?? []), ...env]) {
    const equals = assignment.indexOf('=');
    variables.set(equals < 0 ? assignment : assignment.slice(0, equals), assignment);
  }
  return [...variables.values()];
}

/** Absolute; a relative -w lies below the image's own. */
export function containerWorkdir(config: ContainerConfig, { workdir }: Pick<RunOptions, 'workdir'>): string {
  return posix.resolve('/', config.WorkingDir ?? '/', workdir ?? '');
}
