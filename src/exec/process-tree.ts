import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { systemErrorCode } from '../diagnostics/known-error.ts';

/** Ids of a process's children, of all its threads; empty when it is gone or the kernel does not tell. */
export function childrenOf(pid: number): number[] {
  return readIfAlive(() => readdirSync(`/proc/${pid}/task`)).flatMap((thread) =>
    readIfAlive(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean)).map(
      Number,
    ),
  );
}

function readIfAlive(read: () => string[]): string[] {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(systemErrorCode(error) ?? '')) return [];
    throw error;
  }
}

/** Sends a signal; a process that has ended meanwhile is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (systemErrorCode(error) !== 'ESRCH') throw error;
  }
}

const MAX_ROUNDS = 10;

/**
 * Kills every process whose root is a directory or lies below it, until there is none: one may start another meanwhile.
 * Without the privilege to see roots of others nothing is found.
 */
export function killProcessesRootedIn(dir: string): void {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const found = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && `${rootOf(name)}/`.startsWith(`${dir}/`));
    if (found.length === 0) return;
    for (const pid of found) sendSignal(Number(pid), 'SIGKILL');
  }
}

function rootOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/root`);
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(systemErrorCode(error) ?? '')) return '';
    throw error;
  }
}
