/**
 * How an ordinary user becomes root of a user namespace: once, at the start, this command is replaced by `unshare`,
 * which starts it again. What surprises: Node.js has threads and cannot enter a namespace itself; and inside, the
 * user is root by name (uid 0), though not the machine's.
 */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { constants as osConstants } from 'node:os';
import { KnownError } from '../diagnostics/known-error.ts';
import { replaceProcess } from '../system/replace-process.ts';
import { readProc, userNamespace } from './user-namespace.ts';

export interface ReexecutionOptions {
  /** The command that is started again: program and arguments. */
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Set in the command that was started again, so that it does not try once more. */
const MARK = 'SLIPWAY_IN_USER_NAMESPACE';
const UNSHARE = ['/usr/bin/unshare', '/bin/unshare'];

/**
 * Makes this process root of a user namespace. Returns undefined when it is root already: then the command goes on.
 * Otherwise the command runs again within the namespace: where the process can be replaced this never returns, else it
 * returns the exit code of the second one, with which this one has to end. Signals reach it, the terminal is its own.
 * With subordinate ids the namespace has them, without it has one id.
 * @throws KnownError SANDBOX_UNAVAILABLE when this machine lets its users make no namespaces, with the remedy.
 */
export async function enterUserNamespace({ argv, env }: ReexecutionOptions): Promise<number | undefined> {
  if (userNamespace().kind !== 'none') return undefined;
  const file = UNSHARE.find(isExecutable);
  if (file === undefined || env[MARK] !== undefined) throw noNamespaces('"unshare" is missing or has no effect');
  const command = ['unshare', ...namespaceFlags(file), '--', ...argv];
  const marked = { ...env, [MARK]: '1' };
  replaceProcess(file, command, marked);
  return spawnAndForward(file, command.slice(1), marked);
}

/** Shared with the machine are mounts that come later; nothing goes the other way. */
const COMMON_FLAGS = ['--user', '--mount', '--propagation', 'slave', '--map-root-user'];

function namespaceFlags(file: string): string[] {
  const attempts = [[...COMMON_FLAGS, '--map-auto'], COMMON_FLAGS];
  let complaint = '';
  for (const flags of attempts) {
    const { status, stderr } = spawnSync(file, [...flags, '--', 'true'], { encoding: 'utf8' });
    if (status === 0) return flags;
    complaint = stderr.trim();
  }
  throw noNamespaces(complaint);
}

/** Each way of a distribution to forbid namespaces, with what allows them. */
function noNamespaces(complaint: string): KnownError {
  const forbidden = [
    ['kernel.unprivileged_userns_clone', '/proc/sys/kernel/unprivileged_userns_clone', '0', '1'],
    [
      'kernel.apparmor_restrict_unprivileged_userns',
      '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
      '1',
      '0',
    ],
    ['user.max_user_namespaces', '/proc/sys/user/max_user_namespaces', '0', '10000'],
  ].find(([, path = '', value]) => readProc(path)?.trim() === value);
  const why = forbidden ? `${forbidden[0]} is ${forbidden[2]}` : complaint;
  const hint = forbidden
    ? `As root: sysctl -w ${forbidden[0]}=${forbidden[3]}`
    : 'Run as root, or in a container that allows user namespaces (docker run --security-opt seccomp=unconfined).';
  return new KnownError('SANDBOX_UNAVAILABLE', `This machine lets your user make no user namespace (${why}).`, {
    hint,
  });
}

const FORWARDED: readonly NodeJS.Signals[] = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGWINCH',
];

function spawnAndForward(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(file, args, { env, stdio: 'inherit' });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of FORWARDED) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const each of FORWARDED) process.off(each, forward);
      resolve(code ?? 128 + (signal ? osConstants.signals[signal] : 0));
    });
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
