import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KnownError } from '../diagnostics/known-error.ts';
import type { ExecSpec, Executor } from './executor.ts';

const PROBE_TIMEOUT_MS = 10_000;

/** Runs `true` of this machine in an empty root. Returns why it does not work, or undefined when it does. */
export async function probeExecutor(executor: Executor, workDir = tmpdir()): Promise<string | undefined> {
  mkdirSync(workDir, { recursive: true });
  const dir = mkdtempSync(join(workDir, '.probe-'));
  try {
    const path = join(dir, 'root');
    mkdirSync(path);
    const { exitCode } = await executor.run(probeSpec(path), AbortSignal.timeout(PROBE_TIMEOUT_MS));
    return exitCode === 0 ? undefined : `a test ended with code ${exitCode}`;
  } catch (error) {
    if (error instanceof KnownError) return error.message;
    if (error instanceof Error && error.name === 'TimeoutError') return 'a test did not end';
    throw error;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function probeSpec(path: string): ExecSpec {
  return {
    id: `probe-${process.pid}`,
    root: { kind: 'directory', path },
    readOnlyRoot: false,
    argv: ['/bin/true'],
    env: [],
    cwd: '/',
    user: { uid: 0, gid: 0, additionalGids: [] },
    mounts: ['/bin', '/lib', '/lib64', '/usr']
      .filter((source) => existsSync(source))
      .map((source) => ({ type: 'bind', source, target: source, readOnly: true })),
    network: 'host',
    security: 'sandbox',
    hostname: 'probe',
    extraHosts: [],
    limits: {},
    stdio: { kind: 'capture', onOutput: () => undefined },
  };
}
