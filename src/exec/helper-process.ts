/**
 * A process of this machine that makes a sandbox and becomes the process in it: started so that it dies with this one,
 * with real pipes for its output, and with three channels for talking to its shell scripts (fd 3 out, 4 and 5 in).
 * It knows nothing of mounts or images. What surprises: the channels are also the life line; a script that reads
 * from one ends when this process is gone.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { KnownError } from '../diagnostics/known-error.ts';
import { keepInheritedFiles } from '../system/inherited-files.ts';
import type { ExecStdio } from './executor.ts';
import { type OutputPipe, openOutputPipe } from './output-pipe.ts';
import { childrenOf, sendSignal } from './process-tree.ts';
import { SandboxReports } from './sandbox-reports.ts';

/** The environment of helpers: nothing of an image or of the user's reaches programs that run outside the sandbox. */
const HELPER_ENV: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  // The new mount API takes strings of 256 bytes only, too short for the layers of an overlay.
  LIBMOUNT_FORCE_MOUNT2: 'always',
};

/** Names that must not be passed on to a program in the sandbox. */
export const HELPER_VARIABLES: readonly string[] = Object.keys(HELPER_ENV);

export interface HelperOptions {
  readonly argv: readonly [string, ...string[]];
  /** A folder for passing files. */
  readonly dir: string;
  readonly stdio: ExecStdio;
  readonly signal: AbortSignal;
  /** A session and a process group of its own; not with a terminal. */
  readonly ownSession?: boolean;
  onStart?(helper: RunningHelper): void;
  /** A line that a script wrote to fd 3 as `slipway:<word>`. */
  onWord?(word: string, helper: RunningHelper): void;
}

export interface RunningHelper {
  readonly pid: number;
  /** Writes a line to fd 4 or 5 of the scripts. */
  tell(channel: 4 | 5, line: string): void;
}

export interface HelperResult {
  /** 0 to 255; 128 + N after signal N. */
  readonly exitCode: number;
  /** What the scripts and their commands wrote to fd 3, without the words. */
  readonly diagnostics: string;
}

/**
 * Runs a helper to its end.
 * @throws the signal's reason when it is aborted: everything that the helper started has been killed by then.
 * @throws KnownError SANDBOX_UNAVAILABLE when the program is not installed.
 */
export async function runHelper(options: HelperOptions): Promise<HelperResult> {
  const { signal, stdio } = options;
  signal.throwIfAborted();
  const pipes =
    stdio.kind === 'capture'
      ? (['stdout', 'stderr'] as const).map((name) => openOutputPipe(join(options.dir, name)))
      : [];
  const child = startChild(options, pipes);
  for (const pipe of pipes) pipe.release();
  using _killer = killOnAbort(child, options);
  const diagnostics = listen(child, options);
  const reading = pipes.map((pipe, index) => pipe.read((chunk) => output(stdio, index, chunk)));
  const exitCode = await exitOf(child);
  for (const channel of [4, 5]) channelOf(child, channel).destroy();
  await Promise.all(reading);
  const said = await diagnostics;
  signal.throwIfAborted();
  return { exitCode: killedChild(said) ? 137 : exitCode, diagnostics: said };
}

const KILL_AGAIN_MS = 10;

/**
 * Kills what the helper started, not the helper: a process namespace's first process cannot be reaped before all
 * others in it are gone, so that the helper's own end then means that nothing runs any more. A helper in a session of
 * its own has a guard for that, and is killed itself.
 */
function killOnAbort(child: ChildProcess, { signal, ownSession }: HelperOptions): Disposable {
  let timer: NodeJS.Timeout | undefined;
  const kill = (): void => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const started = child.pid === undefined || ownSession ? [] : childrenOf(child.pid);
    for (const pid of started) sendSignal(pid, 'SIGKILL');
    if (started.length === 0) child.kill('SIGKILL');
    timer = setTimeout(kill, KILL_AGAIN_MS);
  };
  signal.addEventListener('abort', kill, { once: true });
  return {
    [Symbol.dispose]: () => {
      signal.removeEventListener('abort', kill);
      clearTimeout(timer);
    },
  };
}

/** Up to util-linux 2.38, unshare fails to end by the signal that its child ended by, when that was SIGKILL. */
function killedChild(diagnostics: string): boolean {
  return /^unshare: sigprocmask unblock failed/m.test(diagnostics);
}

function startChild({ argv, dir, stdio, ownSession }: HelperOptions, pipes: readonly OutputPipe[]): ChildProcess {
  const own: StdioOptions =
    stdio.kind === 'capture'
      ? ['ignore', ...pipes.map(({ writeFd }) => writeFd)]
      : [stdio.stdin ? 'inherit' : 'ignore', 'inherit', 'inherit'];
  keepInheritedFiles();
  // The dying word of this process: SIGKILL to the helper, which hands it on to its namespace.
  const [file, ...args] = ['setpriv', '--pdeathsig', 'KILL', '--', ...argv];
  return spawn(file as string, args, {
    cwd: dir,
    env: HELPER_ENV,
    stdio: [...own, 'pipe', 'pipe', 'pipe'],
    detached: ownSession === true && !(stdio.kind === 'inherit' && stdio.terminal),
  });
}

function output(stdio: ExecStdio, index: number, chunk: Buffer): void {
  if (stdio.kind === 'capture') stdio.onOutput(index === 0 ? 'stdout' : 'stderr', chunk);
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(
        new KnownError(
          'SANDBOX_UNAVAILABLE',
          `"${child.spawnfile}" cannot be started to make a sandbox: ${error.message}.`,
          {
            hint: 'Install the package util-linux.',
            cause: error,
          },
        ),
      ),
    );
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

function channelOf(child: ChildProcess, fd: number): Duplex {
  return child.stdio[fd] as Duplex;
}

/** Resolves to what was written to fd 3 when the last of its writers is gone. */
function listen(child: ChildProcess, options: HelperOptions): Promise<string> {
  const helper: RunningHelper = {
    pid: child.pid ?? 0,
    tell: (channel, line) => void channelOf(child, channel).write(`${line}\n`),
  };
  // A helper that ended early has closed its side; its exit says so.
  for (const fd of [4, 5]) channelOf(child, fd).on('error', () => undefined);
  options.onStart?.(helper);
  const reports = new SandboxReports((word) => options.onWord?.(word, helper));
  const channel = channelOf(child, 3).on('data', (chunk: Buffer) => reports.push(chunk));
  channel.on('error', () => undefined);
  return new Promise((resolve) => channel.once('close', () => resolve(reports.complaints)));
}
