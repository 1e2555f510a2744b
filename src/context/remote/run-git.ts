import { spawn } from 'node:child_process';
import { systemErrorCode } from '../../diagnostics/known-error.ts';

export interface RunGitOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Folder that git works in. */
  readonly cwd: string;
}

/** git said no; `stderr` is what it said. */
export class GitError extends Error {
  readonly stderr: string;

  constructor(stderr: string) {
    super(stderr.trim().split('\n').at(-1) ?? 'git failed');
    this.stderr = stderr;
  }
}

export class GitMissingError extends Error {}

/**
 * Settings that a repository or the user's own configuration must not override: no hooks, no helpers that run
 * programs, and no file of this machine as a submodule.
 */
const SETTINGS: readonly string[] = [
  'protocol.allow=never',
  'protocol.https.allow=always',
  'protocol.http.allow=always',
  'protocol.ssh.allow=always',
  'protocol.git.allow=always',
  'protocol.file.allow=user',
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.autocrlf=false',
  'init.defaultBranch=master',
  'advice.detachedHead=false',
  'submodule.fetchJobs=4',
];

/** What of the user's environment git and ssh see. */
const PASSED = ['PATH', 'HOME', 'SSH_AUTH_SOCK', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'TMPDIR'];
const PROXIES = ['http_proxy', 'https_proxy', 'no_proxy', 'all_proxy'];
const MAX_STDERR = 64 * 1024;
const KILL_AFTER_MS = 2000;

/**
 * Runs git without prompts, without the user's and the system's git configuration, with umask 022, and returns its
 * standard output. ssh asks nothing and checks host keys as the user's own configuration has it. An abort ends git and
 * its children.
 * @throws GitError, GitMissingError, the signal's reason.
 */
export async function runGit(args: readonly string[], options: RunGitOptions): Promise<string> {
  options.signal.throwIfAborted();
  const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
  // Arguments reach the shell as arguments, never as text; it is there for the umask alone.
  const child = spawn('sh', ['-c', 'umask 022; exec git "$@"', 'git', ...settings, ...args], {
    cwd: options.cwd,
    env: environment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const stdout: Buffer[] = [];
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-MAX_STDERR);
  });
  const stop = () => endGroup(child.pid);
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    options.signal.throwIfAborted();
    if (status === 127) throw new GitMissingError(stderr);
    if (status !== 0) throw new GitError(stderr);
    return Buffer.concat(stdout).toString();
  } finally {
    options.signal.removeEventListener('abort', stop);
  }
}

function environment(env: RunGitOptions['env']): NodeJS.ProcessEnv {
  const names = [...PASSED, ...PROXIES, ...PROXIES.map((name) => name.toUpperCase())];
  const passed = names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return {
    ...Object.fromEntries(passed),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'true',
    SSH_ASKPASS: 'true',
    GIT_SSH_COMMAND: 'ssh -o BatchMode=yes',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
  };
}

/** git starts ssh, index-pack and others: all of them belong to its group. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  signalGroup(pid, 'SIGTERM');
  setTimeout(() => signalGroup(pid, 'SIGKILL'), KILL_AFTER_MS).unref();
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (systemErrorCode(error) !== 'ESRCH') throw error;
  }
}
