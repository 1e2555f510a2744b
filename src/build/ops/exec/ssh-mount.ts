import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { KnownError, systemErrorCode } from '../../../diagnostics/known-error.ts';
import type { SshSource } from './step-inputs.ts';

export interface AgentSocket extends AsyncDisposable {
  /** Path of a socket that speaks the ssh-agent protocol. */
  readonly path: string;
}

/**
 * The socket behind an ssh id: the user's own agent, a socket that was named, or an agent of our own that holds the named
 * key files for as long as the step runs (the keys themselves never enter the step). undefined when the build was given
 * no such id.
 */
export async function openAgentSocket(
  id: string,
  sources: readonly SshSource[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<AgentSocket | undefined> {
  const source = sources.find((candidate) => candidate.id === id);
  if (!source) return undefined;
  const paths = source.paths.map((path) => resolve(options.cwd, path));
  if (paths.length === 0) return existing(agentOfUser(id, options.env));
  const [first = ''] = paths;
  return paths.length === 1 && isSocket(first) ? existing(first) : startAgent(id, paths);
}

function agentOfUser(id: string, env: NodeJS.ProcessEnv): string {
  const socket = env.SSH_AUTH_SOCK;
  if (socket && isSocket(socket)) return socket;
  throw new KnownError('SSH_MISSING', `--ssh ${id} forwards your ssh agent, and none is running (SSH_AUTH_SOCK).`, {
    hint: `Start one with "eval $(ssh-agent)" and "ssh-add", or name a key: --ssh ${id}=PATH.`,
  });
}

function existing(path: string): AgentSocket {
  return { path, [Symbol.asyncDispose]: async () => undefined };
}

function isSocket(path: string): boolean {
  try {
    return statSync(path).isSocket();
  } catch (error) {
    throw new KnownError('SSH_MISSING', `--ssh names ${path}, which cannot be read (${systemErrorCode(error)}).`, {
      cause: error,
    });
  }
}

async function startAgent(id: string, keys: readonly string[]): Promise<AgentSocket> {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-ssh-'));
  const path = join(dir, 'agent.sock');
  const agent = spawn('ssh-agent', ['-D', '-a', path], { stdio: 'ignore' });
  const stop = async () => {
    agent.kill();
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await listening(agent, path);
    await promisify(execFile)('ssh-add', ['-q', ...keys], {
      env: { ...process.env, SSH_AUTH_SOCK: path, SSH_ASKPASS_REQUIRE: 'never' },
      timeout: 10_000,
    });
  } catch (error) {
    await stop();
    throw new KnownError('SSH_MISSING', `The keys of --ssh ${id} could not be loaded: ${reason(error)}`, {
      hint: 'ssh-agent and ssh-add (openssh-client) are needed, and keys without a passphrase; or forward your own agent.',
      cause: error,
    });
  }
  return { path, [Symbol.asyncDispose]: stop };
}

function listening(agent: ReturnType<typeof spawn>, path: string): Promise<void> {
  return new Promise((done, fail) => {
    agent.once('error', fail);
    agent.once('exit', () => fail(new Error('ssh-agent ended at once.')));
    const poll = setInterval(() => {
      const up = statSync(path, { throwIfNoEntry: false })?.isSocket();
      if (up) {
        clearInterval(poll);
        done();
      }
    }, 5);
    agent.once('exit', () => clearInterval(poll));
    agent.once('error', () => clearInterval(poll));
  });
}

function reason(error: unknown): string {
  if (systemErrorCode(error) === 'ENOENT') return 'ssh-agent or ssh-add is not installed.';
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
